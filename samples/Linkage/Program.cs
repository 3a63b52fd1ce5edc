using Elbo.Engine;
using Linkage;

var model = new LinkageModel();
var cells = new ArrayShards<Cell>([new(0, 125), new(1, 18), new(2, 20), new(3, 34)]);
var executor = new LocalExecutor<ReadOnlySpan<Cell>, Recombination, DenseStatistics>(cells, model, model);
await foreach ((Recombination at, Iteration step) in ExpectationMaximization.RunAsync(model, executor, new(0, new Recombination(0.5)), new EmOptions { Stop = StoppingRule.ParameterNorm(1e-12) }))
    Console.WriteLine($"{step.Number,2}: log p(X|θ) {step.Objective:F10}, θ {at.Theta:F12} {step.StopReason}");
