using CoinFlips;
using Elbo.Engine;

var model = new CoinModel();
var sessions = new ArrayShards<Session>([new(5, 5), new(9, 1), new(8, 2), new(4, 6), new(7, 3)]);
var executor = new LocalExecutor<ReadOnlySpan<Session>, Coins, DenseStatistics>(sessions, model, model);
await foreach ((Coins coins, Iteration step) in ExpectationMaximization.RunAsync(model, executor, new(0, new Coins(0.6, 0.5)), new EmOptions()))
    Console.WriteLine($"{step.Number,2}: log p(X|θ) {step.Objective:F6} | after E: ELBO {step.EStep?.Elbo:F6}, KL {step.EStep?.KullbackLeibler:0.0000;-0.0000;0.0000} | after M: ELBO {step.MStep?.Elbo:F6}, KL {step.MStep?.KullbackLeibler:F4} | coins {coins.Heads[0]:F4} {coins.Heads[1]:F4} {step.StopReason}");
