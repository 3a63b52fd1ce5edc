using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics.Sweeps;

/// <summary>A fit by sweeps: from every start passes without a certificate, then the closing mean-field pass.</summary>
/// <param name="Best">The parameters with the highest closing ELBO.</param>
/// <param name="BestStart">Which start they come from.</param>
/// <param name="Traces">The closing record of every start.</param>
/// <param name="Passes">The passes of every start.</param>
/// <param name="Prevalence">The share of the tokens that each topic of the best start explains.</param>
/// <param name="StopReason">Why it ended.</param>
sealed record SweepFit(LdaParameters Best, int BestStart, IReadOnlyList<IReadOnlyList<Iteration>> Traces, IReadOnlyList<IReadOnlyList<TopicPass>> Passes, double[] Prevalence, StopReason StopReason);

/// <summary>Runs the starts.</summary>
static class SweepFitter
{
    public static SweepFit Run(Corpus corpus, LdaOptions options, LdaParameters? given, IProgress<LdaProgress>? progress, CancellationToken cancellationToken)
    {
        var traces = new List<IReadOnlyList<Iteration>>();
        var passes = new List<IReadOnlyList<TopicPass>>();
        long began = options.TimeProvider.GetTimestamp();
        LdaParameters? best = null;
        double[] prevalence = [];
        double bestBound = double.NegativeInfinity;
        int bestStart = 0;
        StopReason reason = StopReason.Converged;
        for (int start = 0; start < options.Restarts && reason is not (StopReason.Cancelled or StopReason.TimeLimit); start++)
        {
            int number = start;
            var run = new SweepRun(corpus, options, start, began, pass => progress?.Report(new LdaProgress(number, null, pass)), cancellationToken);
            StopReason ended = run.Run(given ?? LdaStarts.Create(corpus, options, start));
            // Cancelled before a pass was over: the starts before stand, and where there is none there is nothing to keep.
            if (ended == StopReason.Cancelled && run.Passes.Count == 0)
            {
                if (best is null) cancellationToken.ThrowIfCancellationRequested();
                reason = ended;
                break;
            }
            LdaParameters parameters = run.Parameters();
            (Iteration closing, double[] shares) = ClosingPass.Run(corpus, parameters, options.Document, run.Passes.Count, options.Threads);
            closing = closing with { StopReason = ended, Elapsed = options.TimeProvider.GetElapsedTime(began) };
            progress?.Report(new LdaProgress(start, closing, null));
            traces.Add([closing]);
            passes.Add(run.Passes);
            if (ended is StopReason.Cancelled or StopReason.TimeLimit) reason = ended;
            if (best is not null && closing.Objective <= bestBound) continue;
            (best, bestBound, bestStart, prevalence) = (parameters, closing.Objective, start, shares);
            if (reason is not (StopReason.Cancelled or StopReason.TimeLimit)) reason = ended;
        }
        return new SweepFit(best!, bestStart, traces, passes, prevalence, reason);
    }
}
