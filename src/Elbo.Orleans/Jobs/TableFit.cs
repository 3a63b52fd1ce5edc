using Elbo.Engine;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Wire;
using Orleans;

namespace Elbo.Orleans.Jobs;

/// <summary>A fit of a mixture or a hidden Markov model to a table.</summary>
sealed class TableFit : FitProgram
{
    public override Task<byte[]> RunAsync(FitJob job, byte[]? checkpoint, IGrainFactory grains, ClusterTimeouts timeouts, int threads) =>
        throw new NotSupportedException();
}
