using Elbo.Engine;
using ZeroInflatedPoisson;

var model = new InflationModel();
var counts = new ArrayShards<Counted>([new(0, 60), new(1, 15), new(2, 21), new(3, 17), new(4, 8), new(5, 4), new(6, 1)]);
var executor = new LocalExecutor<ReadOnlySpan<Counted>, Inflation, DenseStatistics>(counts, model, model);
await foreach ((Inflation at, Iteration step) in ExpectationMaximization.RunAsync(model, executor, new(0, new Inflation(0.5, 1)), new EmOptions { Stop = StoppingRule.Aitken(1e-12) }))
    Console.WriteLine($"{step.Number,2}: log p(X|θ) {step.Objective:F10}, zeros {at.Zero:F8}, rate {at.Rate:F8} {step.StopReason}");
