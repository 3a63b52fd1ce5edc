using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Wire;
using Orleans;

namespace Elbo.Orleans.Jobs;

/// <summary>A fit of a mixture or a hidden Markov model to a table.</summary>
sealed class TableFit : FitProgram
{
    public override async Task<byte[]> RunAsync(FitJob job, byte[]? checkpoint, IGrainFactory grains, ClusterTimeouts timeouts, int threads)
    {
        Dictionary<string, string> properties = job.Order.Properties;
        FitOptions options = ClusterData.TableOptions(properties) with { Threads = threads };
        ClusterRules.Check(options);
        ObservationTable table = ClusterData.OpenRows(properties, options, job.Token);
        Dictionary<string, string> input = InputOf(job.Order);
        // Whatever the stretch, its E-step is the same.
        WorkOrder order = ClusterData.OrderOf(properties);
        var executors = new ClusterExecutors(grains, _ => order, timeouts, job.Note, job.Note);
        var progress = new Listener<FitProgress>(news => job.Report(news.Start, news.Iteration));
        void Offer(FitCheckpoint latest) => job.Offer(() => ToBytes(stream => FitCheckpointFile.Save(latest, stream, input)));
        FittedModel model;
        if (checkpoint is null)
        {
            model = await Estimator.FitAsync(table, options, progress: progress, checkpoint: Offer, executors: executors, cancellationToken: job.Token).ConfigureAwait(false);
        }
        else
        {
            using var stream = new MemoryStream(checkpoint);
            (FitCheckpoint state, _) = FitCheckpointFile.Load(stream, "the checkpoint");
            model = await Estimator.ResumeAsync(table, state with { Options = options }, progress, Offer, executors, job.Token).ConfigureAwait(false);
        }
        return ToBytes(stream => FittedModelFile.Save(model, stream));
    }
}
