using Orleans;
using Orleans.Concurrency;

namespace Elbo.Orleans.Wire;

// No call here waits longer than about a second: who calls one can tell a silo that is lost from one that works.

/// <summary>The silos that are alive; any silo answers.</summary>
interface ISilosGrain : IGrainWithIntegerKey
{
    Task<string[]> ListAsync();
}

/// <summary>The work on one silo. Its key is the silo's address, and it is on that silo.</summary>
interface IWorkerGrain : IGrainWithStringKey
{
    Task<WorkerReport> DescribeAsync();

    /// <summary>Opens the data of an order, or says how far that is; to be called until it is ready or has failed.</summary>
    Task<OpenState> OpenAsync(WorkOrder order);

    /// <summary>A block of the parameters of an E-step.</summary>
    Task PutAsync(Guid step, int length, int offset, byte[] block);

    /// <summary>Begins a run of shards at the parameters that were put.</summary>
    Task RunAsync(Guid step, int run, WorkOrder order, int first, int end);

    [AlwaysInterleave]
    Task<RunState> PollAsync(Guid step, int run);

    /// <summary>A block of the statistics of a sum.</summary>
    Task<byte[]> PullAsync(Guid step, int run, int sum, int offset);

    /// <summary>Ends an E-step, at work or not.</summary>
    Task EndAsync(Guid step);
}

/// <summary>The loop of one fit. Its key is the address of its silo and the fit's own name.</summary>
interface IFitGrain : IGrainWithStringKey
{
    /// <summary>A block of the checkpoint to go on from.</summary>
    Task PutAsync(int length, int offset, byte[] block);

    Task BeginAsync(FitOrder order);

    [AlwaysInterleave]
    Task<FitReport> PollAsync(Seen seen);

    /// <summary>The length of the newest checkpoint, whose blocks can be pulled until the next call; −1 while it is being written down.</summary>
    [AlwaysInterleave]
    Task<int> HoldCheckpointAsync();

    Task<byte[]> PullAsync(bool model, long offset);

    Task CancelAsync();

    Task EndAsync();
}
