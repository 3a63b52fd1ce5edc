using Elbo.Engine;
using Orleans;

namespace Elbo.Orleans.Wire;

/// <summary>What a worker works on: a model of its registry, and what that model needs to find its data.</summary>
[GenerateSerializer]
sealed record WorkOrder([property: Id(0)] string Model, [property: Id(1)] Dictionary<string, string> Properties)
{
    /// <summary>The same for the same order, so that data that were opened once serve again.</summary>
    public string Key => string.Join('\n', Properties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Prepend(Model));
}

/// <summary>Where a worker stands with the data of an order.</summary>
[GenerateSerializer]
sealed record OpenState
{
    [Id(0)] public bool IsReady { get; init; }

    /// <summary>What went wrong, or null.</summary>
    [Id(1)] public string? Failure { get; init; }

    [Id(2)] public int Shards { get; init; }

    [Id(3)] public int Threads { get; init; }

    [Id(4)] public Guarantee Guarantee { get; init; }

    [Id(5)] public string[] TermNames { get; init; } = [];

    /// <summary>The instruction set of the kernels.</summary>
    [Id(6)] public string KernelProfile { get; init; } = "";
}

/// <summary>Where a worker stands with a run of shards.</summary>
[GenerateSerializer]
sealed record RunState
{
    /// <summary>What went wrong, or null.</summary>
    [Id(0)] public string? Failure { get; init; }

    /// <summary>The sums, once all are there.</summary>
    [Id(1)] public SumHead[]? Sums { get; init; }
}

/// <summary>A sum of a subtree, without its statistics.</summary>
[GenerateSerializer]
sealed record SumHead
{
    [Id(0)] public int Level { get; init; }

    [Id(1)] public int Index { get; init; }

    /// <summary>Expected log joint, entropy, log-evidence, magnitude, and the terms.</summary>
    [Id(2)] public double[] Numbers { get; init; } = [];

    [Id(3)] public bool HasEvidence { get; init; }

    /// <summary>How many bytes the statistics have.</summary>
    [Id(4)] public int Length { get; init; }

    public static SumHead Of(ShardSum sum)
    {
        var numbers = new double[4 + BoundTerms.Capacity];
        (numbers[0], numbers[1], numbers[2], numbers[3]) = (sum.Bound.ExpectedLogJoint, sum.Bound.Entropy, sum.Bound.LogEvidence ?? 0, sum.Magnitude);
        for (int term = 0; term < BoundTerms.Capacity; term++) numbers[4 + term] = sum.Bound.Terms[term];
        return new SumHead { Level = sum.Level, Index = sum.Index, Numbers = numbers, HasEvidence = sum.Bound.LogEvidence is not null, Length = sum.Statistics.Length };
    }

    public EStepResult<TStatistics> With<TStatistics>(TStatistics statistics)
    {
        BoundTerms terms = default;
        for (int term = 0; term < BoundTerms.Capacity; term++) terms[term] = Numbers[4 + term];
        return new EStepResult<TStatistics>(statistics, new LocalBound(Numbers[0], Numbers[1], HasEvidence ? Numbers[2] : null) { Terms = terms }, Numbers[3]);
    }
}

/// <summary>A fit that a client asks for.</summary>
[GenerateSerializer]
sealed record FitOrder([property: Id(0)] string Kind, [property: Id(1)] Dictionary<string, string> Properties);

/// <summary>What is new of a fit.</summary>
[GenerateSerializer]
sealed record FitReport
{
    /// <summary>Whether this silo knows the fit at all; if not, it must be begun again.</summary>
    [Id(0)] public bool IsKnown { get; init; }

    /// <summary>The records since the one that was seen last.</summary>
    [Id(1)] public RecordBytes[] Records { get; init; } = [];

    /// <summary>How many checkpoints there have been, and the length of the newest.</summary>
    [Id(2)] public int Checkpoint { get; init; }

    /// <summary>The length of the model's file once it is there, else −1.</summary>
    [Id(3)] public long ModelLength { get; init; } = -1;

    /// <summary>What went wrong, or null; nothing more will come.</summary>
    [Id(4)] public string? Failure { get; init; }

    [Id(5)] public bool WasCancelled { get; init; }

    /// <summary>What happened that a user should hear of: workers that were lost or could not read.</summary>
    [Id(6)] public string[] Notes { get; init; } = [];

    /// <summary>What E-steps moved, since those that were seen.</summary>
    [Id(7)] public TrafficEntry[] Traffic { get; init; } = [];
}

/// <summary>How much of a fit a client has seen.</summary>
[GenerateSerializer]
readonly record struct Seen([property: Id(0)] int Records, [property: Id(1)] int Notes, [property: Id(2)] int Traffic, [property: Id(3)] int Checkpoint);

/// <summary>What one E-step moved: <see cref="Orleans.Traffic"/> on the wire.</summary>
[GenerateSerializer]
readonly record struct TrafficEntry([property: Id(0)] int Workers, [property: Id(1)] long Sent, [property: Id(2)] long Received);

/// <summary>A record of a trace, but for its time: that is the client's to say, who sees the whole fit.</summary>
[GenerateSerializer]
sealed record RecordBytes([property: Id(0)] int Start, [property: Id(1)] byte[] Tensors)
{
    public static RecordBytes Of(int start, Iteration iteration) => new(start, TensorBytes.Encode(new TraceTensors([[iteration]])));

    public Iteration Read() => TensorBytes.Decode<TraceTensors>(Tensors, "a record of the fit").Traces[0][0];
}

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer]
sealed record WorkerReport
{
    [Id(0)] public int Threads { get; init; }

    [Id(1)] public string Version { get; init; } = "";

    [Id(2)] public string KernelProfile { get; init; } = "";

    [Id(3)] public long ShardsDone { get; init; }

    [Id(4)] public double ShardsPerSecond { get; init; }

    [Id(5)] public long ResidentBytes { get; init; }

    [Id(6)] public RunningFit[] Fits { get; init; } = [];
}

/// <summary>A fit whose loop runs on a silo.</summary>
[GenerateSerializer]
sealed record RunningFit([property: Id(0)] string Id, [property: Id(1)] string Kind, [property: Id(2)] string Input, [property: Id(3)] int Iteration, [property: Id(4)] double Objective, [property: Id(5)] TimeSpan Elapsed);
