using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>Fits mixtures and hidden Markov models of any family.</summary>
public static class Estimator
{
    /// <summary>Fits a model whose family is named in the options and set up for the table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="start">Where to begin; null finds starts by the method that the options name.</param>
    /// <param name="progress">Hears of every iteration; may be null.</param>
    /// <param name="checkpoint">Is shown where the fit stands before every E-step over all rows (where the fit is accelerated, before the first of a stretch), to keep it or write it down; may be null.</param>
    /// <param name="executors">Where the E-steps of EM run; null runs them here, on <see cref="FitOptions.Threads"/>. Passes of online EM know no other place.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ArgumentException">An option is out of range, the rows do not fit the family, or executors are given with passes of online EM.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before there was anything to keep.</exception>
    public static Task<FittedModel> FitAsync(
        ObservationTable table, FitOptions options, GivenStart? start = null, IProgress<FitProgress>? progress = null,
        Action<FitCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        return FitAsync(FamilyCatalog.Create(options.Family, table, options.Components), table, options, start, progress, checkpoint, executors, cancellationToken);
    }

    /// <summary>Fits a model of a given family, your own too; the family options are not looked at.</summary>
    /// <inheritdoc cref="FitAsync(ObservationTable, FitOptions, GivenStart?, IProgress{FitProgress}?, Action{FitCheckpoint}?, IExecutorFactory?, CancellationToken)"/>
    public static Task<FittedModel> FitAsync(
        AnyFamily family, ObservationTable table, FitOptions options, GivenStart? start = null, IProgress<FitProgress>? progress = null,
        Action<FitCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        return RunAsync(new FitRequest
        {
            Family = family,
            Table = table,
            Options = start is null ? options : options with { Restarts = 1, ShortIterations = null },
            Start = start,
            Progress = progress,
            Checkpoint = checkpoint,
            Executors = executors,
            CancellationToken = cancellationToken,
        });
    }

    /// <summary>Goes on from a checkpoint, to the same bits as the fit that was not stopped.</summary>
    /// <param name="table">The rows that it was written for, with the same weights, sequences and known responsibilities.</param>
    /// <param name="from">The checkpoint; its threads may be changed.</param>
    /// <param name="progress">Hears of every iteration from here on; may be null.</param>
    /// <param name="checkpoint">As for a fit; may be null.</param>
    /// <param name="executors">As for a fit; may be null.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ArgumentException">The table or the kernel profile is not that of the checkpoint, or the checkpoint does not fit together.</exception>
    /// <exception cref="InvalidDataException">Its tensors do not fit the family.</exception>
    public static Task<FittedModel> ResumeAsync(
        ObservationTable table, FitCheckpoint from, IProgress<FitProgress>? progress = null,
        Action<FitCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(from);
        from.Validate();
        if (table.Checksum != from.TableChecksum)
            throw new ArgumentException("The table is not the one that the checkpoint was written for: their checksums differ. Give the same input, or begin a new fit.", nameof(table));
        KernelProfiles.CheckCheckpoint(from.KernelProfile);
        return RunAsync(new FitRequest
        {
            Family = from.Family,
            Table = table,
            Options = from.Options,
            From = from,
            Progress = progress,
            Checkpoint = checkpoint,
            Executors = executors,
            CancellationToken = cancellationToken,
        });
    }

    /// <summary>The model that <see cref="FittedModel.Parameters"/> and its record describe.</summary>
    /// <exception cref="InvalidDataException">The tensors do not fit the family.</exception>
    public static FittedModel Restore(AnyFamily family, TensorSet parameters, FitRecord record)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(record);
        return family.Accept(new Restoration(family, parameters, record));
    }

    /// <summary>The E-steps of a fit as a worker of a cluster does them: what it holds are rows and family, the parameters come with every E-step.</summary>
    /// <param name="family">The family as it was set up for the table.</param>
    /// <param name="table">The rows; all of them, though a worker may be given some of their shards only.</param>
    /// <param name="options">Structure and hardness; starts, stopping and the like do not concern an E-step.</param>
    /// <exception cref="ArgumentException">The rows do not fit the family.</exception>
    public static ShardWorker CreateShardWorker(AnyFamily family, ObservationTable table, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        return family.Accept(new Sharing(table, options));
    }

    /// <summary>Refuses a checkpoint whose tensors are not those of its family.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or out of range.</exception>
    internal static void Check(FitCheckpoint checkpoint) => checkpoint.Family.Accept(new Checking(checkpoint));

    static Task<FittedModel> RunAsync(FitRequest request)
    {
        FitOptions options = request.Options;
        options.Validate();
        int known = request.Table.Responsibilities.Length / request.Table.RowCount;
        if (known != 0 && known != options.Components)
            throw new ArgumentException($"The table knows responsibilities for {known} components, and {options.Components} are to be fitted.");
        if (request.Executors is not null && options.Online is not null)
            throw new ArgumentException("Executors go with EM from the start, not with passes of online EM, which run on threads of their own. Leave Online away.");
        return request.Family.Accept(new Fit(request));
    }

    /// <summary>What depends on the structure, once the family's types are known.</summary>
    abstract class Visitor<TResult>(FitOptions options) : IFamilyVisitor<TResult>
    {
        public TResult Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics>
        {
            DirichletPrior? prior = options.WeightConcentration is { } concentration ? new DirichletPrior(concentration) : null;
            return options.Structure switch
            {
                LatentStructure.Mixture => With(new MixtureStructure<TComponents, TStatistics>(family, prior)),
                LatentStructure.HiddenMarkov => With(new HiddenMarkovStructure<TComponents, TStatistics>(family, prior, options.LeftToRight)),
                _ => throw new ArgumentException($"There is no structure {options.Structure}."),
            };
        }

        protected abstract TResult With<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent)
            where TParameters : class, ITensors<TParameters>
            where TStatistics : class, IStatistics<TStatistics>;
    }

    sealed class Sharing(ObservationTable table, FitOptions options) : Visitor<ShardWorker>(options)
    {
        readonly bool _isHard = options.Hard;

        protected override ShardWorker With<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent)
        {
            latent.Check(table);
            return ShardWorker.Create(latent.Cut(table), latent.Model, latent.CreateEStep(_isHard));
        }
    }

    sealed class Fit(FitRequest request) : Visitor<Task<FittedModel>>(request.Options)
    {
        protected override async Task<FittedModel> With<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent)
        {
            ObservationTable table = request.Table;
            latent.Check(table);
            var fitter = new Fitter<TParameters, TStatistics>(latent, request);
            RestartedFit<TParameters> fit = await fitter.RunAsync((number, attempt) => StartOf(latent, number, attempt)).ConfigureAwait(false);
            EmFit<TParameters> best = fit.Best;
            Prediction prediction = latent.Predict(table, best.Parameters, path: false);
            Iteration iteration = best.Trace.Last(record => record.Objective == best.Objective);
            return new StructuredModel<TParameters, TStatistics>(latent, request.Family, best.Parameters, new FitRecord
            {
                Options = request.Options,
                ColumnNames = table.ColumnNames,
                Rows = table.RowCount,
                TotalWeight = table.TotalWeight,
                Objective = best.Objective,
                LogLikelihood = iteration.Own.LogEvidence ?? throw new InvalidOperationException("The E-step tells no log-likelihood."),
                FreeParameters = ParameterPacking.FreeCount(best.Parameters) - latent.CountStructuralZeros(best.Parameters, request.BeganAtParameters),
                AssignmentEntropy = EntropyOf(prediction),
                StopReason = fit.StopReason,
                BestStart = fit.BestStart,
                Traces = fit.Traces,
                Degeneracies = fitter.Diagnose(best, prediction),
                Notes = fitter.Notes,
                KernelProfile = KernelProfiles.Current,
            });
        }

        TParameters StartOf<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent, int number, int attempt)
            where TParameters : class, ITensors<TParameters>
            where TStatistics : class, IStatistics<TStatistics>
        {
            (ObservationTable table, FitOptions options) = (request.Table, request.Options);
            // A given start that degenerates is begun again from one that is found.
            if (request.Start is not { } start || attempt > 0) return latent.Start(table, Starts.Create(table, options, number, attempt), options.Components);
            if (start.Parameters is not { } parameters) return latent.Start(table, start.ResponsibilitiesOf(table, options.Components), options.Components);
            TParameters given = TParameters.FromTensors(parameters);
            if (latent.CountOf(given) != options.Components) throw new ArgumentException($"The parameters to start from have {latent.CountOf(given)} components, and {options.Components} are to be fitted.");
            latent.Check(given, table.ColumnCount);
            return latent.Model.Constrain(given);
        }

        double EntropyOf(Prediction prediction)
        {
            double sum = 0;
            for (int i = 0; i < prediction.Rows; i++)
                foreach (double q in prediction.Of(i))
                    if (q > 0) sum -= (request.Table.Weights.IsEmpty ? 1 : request.Table.Weights[i]) * q * Math.Log(q);
            return sum;
        }
    }

    sealed class Checking(FitCheckpoint checkpoint) : Visitor<bool>(checkpoint.Options)
    {
        protected override bool With<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent)
        {
            TensorSet[] all = [checkpoint.State.Parameters, .. checkpoint.Best is { } best ? [best] : Array.Empty<TensorSet>(), .. checkpoint.Finished.Select(fit => fit.Parameters)];
            return all.All(tensors => latent.CountOf(TParameters.FromTensors(tensors)) <= checkpoint.Options.Components ? true : throw new InvalidDataException($"there are parameters of more than {checkpoint.Options.Components} components."));
        }
    }

    sealed class Restoration(AnyFamily family, TensorSet parameters, FitRecord record) : Visitor<FittedModel>(record.Options)
    {
        protected override FittedModel With<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> latent)
        {
            try
            {
                TParameters restored = TParameters.FromTensors(parameters);
                latent.Check(restored, record.ColumnNames.Count);
                return new StructuredModel<TParameters, TStatistics>(latent, family, restored, record);
            }
            catch (ArgumentException error)
            {
                throw new InvalidDataException(error.Message, error);
            }
        }
    }
}
