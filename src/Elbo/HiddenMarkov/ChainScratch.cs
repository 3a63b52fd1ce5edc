using Elbo.Numerics;

namespace Elbo.HiddenMarkov;

/// <summary>The memory in which the sequences of one batch are worked on. Nothing in it outlives the batch.</summary>
sealed class ChainScratch
{
    /// <summary>Log-densities, block after block as families write them.</summary>
    public AlignedBuffer LogDensities { get; } = new();

    /// <summary>One row for each step: densities, then what is known of the state from the steps before, then γ.</summary>
    public AlignedBuffer Rows { get; } = new();

    /// <summary>The logarithm by which a row of densities was scaled.</summary>
    public AlignedBuffer Peaks { get; } = new();

    public AlignedBuffer Scales { get; } = new();

    /// <summary>Matrices that belong to one block.</summary>
    public AlignedBuffer Block { get; } = new();

    /// <summary>What the backward recursion keeps of a block.</summary>
    public AlignedBuffer Backward { get; } = new();

    public AlignedBuffer Steps { get; } = new();

    public double[] Values { get; private set; } = [];

    public int[] Path { get; private set; } = [];

    public double[] Initial { get; private set; } = [];

    public double[] Transitions { get; private set; } = [];

    public void EnsureValues(int length)
    {
        if (Values.Length < length) Values = new double[length];
    }

    public void EnsurePath(int length)
    {
        if (Path.Length < length) Path = new int[length];
    }

    public void ClearCounts(int states)
    {
        if (Initial.Length != states) (Initial, Transitions) = (new double[states], new double[states * states]);
        Array.Clear(Initial);
        Array.Clear(Transitions);
    }
}

/// <summary>Scratch memory that passes hand on to each other: as many pieces as threads work at once. Thread-safe.</summary>
sealed class ChainScratchPool
{
    readonly Stack<ChainScratch> _free = new();

    public ChainScratch Rent()
    {
        lock (_free) return _free.TryPop(out ChainScratch? scratch) ? scratch : new ChainScratch();
    }

    public void Return(ChainScratch scratch)
    {
        lock (_free) _free.Push(scratch);
    }
}
