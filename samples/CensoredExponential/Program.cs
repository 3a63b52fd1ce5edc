using CensoredExponential;
using Elbo.Engine;

var model = new LifetimeModel();
var lifetimes = new ArrayShards<Lifetime>([new(1.2, false), new(0.4, false), new(3, true), new(2.5, false), new(3, true), new(0.9, false)]);
var executor = new LocalExecutor<ReadOnlySpan<Lifetime>, Failure, DenseStatistics>(lifetimes, model, model);
await foreach ((Failure at, Iteration step) in ExpectationMaximization.RunAsync(model, executor, new(0, new Failure(1)), new EmOptions { Acceleration = Acceleration.Anderson }))
    Console.WriteLine($"{step.Number,2}: log p(X|θ) {step.Objective:F10}, rate {at.Rate:F10} ({step.Move}) {step.StopReason}");
