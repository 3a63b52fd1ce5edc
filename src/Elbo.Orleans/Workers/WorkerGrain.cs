using Elbo.Numerics;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Jobs;
using Elbo.Orleans.Wire;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Elbo.Orleans.Workers;

/// <summary>The door to <see cref="WorkerService"/>.</summary>
[OnSilo, Reentrant]
sealed class WorkerGrain(WorkerService service, FitJobs fits) : Grain, IWorkerGrain
{
    public Task<WorkerReport> DescribeAsync() => Task.FromResult(new WorkerReport
    {
        Threads = service.Threads,
        Version = typeof(WorkerGrain).Assembly.GetName().Version!.ToString(3),
        KernelProfile = KernelProfiles.Name(KernelProfiles.Current),
        ShardsDone = service.ShardsDone,
        ShardsPerSecond = service.ShardsPerSecond,
        ResidentBytes = Environment.WorkingSet,
        Fits = fits.Describe(),
    });

    public Task<OpenState> OpenAsync(WorkOrder order) => Task.FromResult(service.Open(order));

    public Task PutAsync(Guid step, int length, int offset, byte[] block)
    {
        service.Put(step, length, offset, block);
        return Task.CompletedTask;
    }

    public Task RunAsync(Guid step, int run, WorkOrder order, int first, int end)
    {
        service.Run(step, run, order, first, end);
        return Task.CompletedTask;
    }

    public Task<RunState> PollAsync(Guid step, int run) => service.PollAsync(step, run);

    public Task<byte[]> PullAsync(Guid step, int run, int sum, int offset) => Task.FromResult(service.Pull(step, run, sum, offset));

    public Task EndAsync(Guid step)
    {
        service.End(step);
        return Task.CompletedTask;
    }
}

/// <summary>Knows the silos by the membership that its own silo sees.</summary>
[StatelessWorker, Reentrant]
sealed class SilosGrain(IClusterMembershipService membership) : Grain, ISilosGrain
{
    public Task<string[]> ListAsync() => Task.FromResult<string[]>([.. membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active)
        .Select(member => member.SiloAddress.ToParsableString())
        .Order(StringComparer.Ordinal)]);
}
