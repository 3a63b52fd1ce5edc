using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;

namespace Elbo.Selection;

/// <summary>Fits several models to the same rows and says which is the best of those that can be trusted.</summary>
public static class ModelSelection
{
    /// <summary>Fits every candidate with its restarts and compares them.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="candidates">What to fit: numbers of components, families, covariances.</param>
    /// <param name="options">By what they are compared.</param>
    /// <param name="progress">Hears of every candidate when it is done; may be null.</param>
    /// <param name="cancellationToken">Ends the comparison with the candidates that are done.</param>
    /// <exception cref="ArgumentException">An option is out of range, there is no candidate, or the rows do not make as many folds.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first candidate was done.</exception>
    public static async Task<SelectionResult> RunAsync(
        ObservationTable table, IReadOnlyList<FitOptions> candidates, SelectionOptions? options = null, IProgress<Candidate>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(candidates);
        options ??= new SelectionOptions();
        options.Validate();
        if (candidates.Count == 0) throw new ArgumentException("There is nothing to compare.", nameof(candidates));
        // One cut for all, so that they are scored on the same rows.
        bool areSequences = !table.SequenceLengths.IsEmpty || candidates.Any(candidate => candidate.Structure == LatentStructure.HiddenMarkov);
        TableFolds? folds = options.Folds == 0 ? null : new TableFolds(table, options.Folds, options.Seed, areSequences);
        var done = new List<Candidate>();
        foreach (FitOptions candidate in candidates)
        {
            if (await TryFitAsync(table, candidate, folds, cancellationToken).ConfigureAwait(false) is not { } fit) break;
            done.Add(fit);
            progress?.Report(fit);
        }
        if (done.Count == 0) throw new OperationCanceledException(cancellationToken);
        Candidate? best = done.Where(candidate => candidate.IsTrusted && double.IsFinite(candidate.Score(options.Criterion))).MinBy(candidate => candidate.Score(options.Criterion));
        return new SelectionResult(done, best, done.Count == candidates.Count);
    }

    /// <summary>What speaks against a fit.</summary>
    public static IReadOnlyList<Distrust> DoubtsOf(FittedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        FitRecord record = model.Record;
        var doubts = new List<Distrust>();
        if (record.Degeneracies.Count > 0) doubts.Add(Distrust.Degenerate);
        if (record.Traces[record.BestStart][^1].StopReason != StopReason.Converged) doubts.Add(Distrust.NotConverged);
        if (record.Traces.Count > 1 && StartAgreement.Count(record) == 1) doubts.Add(Distrust.OnlyOneStart);
        if (model.Components < record.Options.Components) doubts.Add(Distrust.FewerComponents);
        return doubts;
    }

    /// <summary>Null where it was cancelled.</summary>
    static async Task<Candidate?> TryFitAsync(ObservationTable table, FitOptions candidate, TableFolds? folds, CancellationToken cancellationToken)
    {
        try
        {
            var family = FamilyCatalog.Create(candidate.Family, table, candidate.Components);
            FittedModel model = await Estimator.FitAsync(family, table, candidate, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested) return null;
            double? heldOut = folds is null ? null : await HeldOutAsync(family, candidate, folds, cancellationToken).ConfigureAwait(false);
            return new Candidate { Options = candidate, Model = model, HeldOut = heldOut, Doubts = DoubtsOf(model) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ArgumentException error)
        {
            return new Candidate { Options = candidate, Problem = error.Message, Doubts = [Distrust.Failed] };
        }
    }

    /// <summary>The family stays as it was set up for all rows: its floor and prior are part of the model that is compared.</summary>
    static async Task<double> HeldOutAsync(AnyFamily family, FitOptions candidate, TableFolds folds, CancellationToken cancellationToken)
    {
        double sum = 0, weight = 0;
        for (int fold = 0; fold < folds.Count; fold++)
        {
            FittedModel model = await Estimator.FitAsync(family, folds.Training(fold), candidate, cancellationToken: cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ObservationTable heldOut = folds.HeldOut(fold);
            sum += model.LogLikelihood(heldOut);
            weight += heldOut.TotalWeight;
        }
        return sum / weight;
    }
}
