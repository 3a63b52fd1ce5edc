namespace Elbo.Orleans;

/// <summary>What a cluster is doing.</summary>
/// <param name="Workers">Every worker that is a member.</param>
public sealed record ClusterStatus(IReadOnlyList<WorkerStatus> Workers);

/// <summary>What one worker is doing.</summary>
/// <param name="Silo">Its address, as Orleans has it.</param>
/// <param name="Answers">Whether it answered; otherwise nothing else is known.</param>
/// <param name="Threads">Threads for E-steps.</param>
/// <param name="Version">Elbo's version.</param>
/// <param name="KernelProfile">The instruction set of its kernels.</param>
/// <param name="ShardsDone">Shards of E-steps since it began.</param>
/// <param name="ShardsPerSecond">Shards a second, over the last ten seconds.</param>
/// <param name="ResidentBytes">Memory of the process.</param>
/// <param name="Fits">The fits whose loops run on it.</param>
public sealed record WorkerStatus(string Silo, bool Answers, int Threads, string Version, string KernelProfile, long ShardsDone, double ShardsPerSecond, long ResidentBytes, IReadOnlyList<FitStatus> Fits);

/// <summary>A fit that runs on a cluster.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">lda or table.</param>
/// <param name="Input">The path of its data.</param>
/// <param name="Iteration">The newest iteration.</param>
/// <param name="Objective">Its objective, in nats.</param>
/// <param name="Elapsed">Since it began on this silo.</param>
public sealed record FitStatus(string Id, string Kind, string Input, int Iteration, double Objective, TimeSpan Elapsed);
