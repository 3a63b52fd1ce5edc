using Elbo.Numerics;

namespace Elbo.HiddenMarkov;

/// <summary>A chain's probabilities and what is computed of them once a pass, in rows of whole lanes. What is beyond K is 0, and −∞ in logarithms.</summary>
sealed unsafe class ChainTables
{
    /// <summary>Where every transition is at least this likely, no state that a forward pass in probabilities loses to underflow can ever matter again.</summary>
    const double LeastTransition = 1e-50;

    readonly AlignedBuffer _memory = new();

    public ChainTables(ReadOnlySpan<double> initial, ReadOnlySpan<double> transitions)
    {
        States = initial.Length;
        Stride = AlignedBuffer.Pad(States);
        IsDense = true;
        long square = (long)Stride * Stride;
        _memory.EnsureLength(2 * Stride + 5 * square);
        Initial = _memory.Pointer;
        LogInitial = Initial + Stride;
        From = LogInitial + Stride;
        To = From + square;
        EntropyTo = To + square;
        LogFrom = EntropyTo + square;
        LogTo = LogFrom + square;
        for (long i = 0; i < Stride + 0L; i++) (Initial[i], LogInitial[i]) = (0, double.NegativeInfinity);
        for (long i = 0; i < square; i++) (From[i], To[i], EntropyTo[i], LogFrom[i], LogTo[i]) = (0, 0, 0, double.NegativeInfinity, double.NegativeInfinity);
        for (int i = 0; i < States; i++)
        {
            (Initial[i], LogInitial[i]) = (initial[i], Math.Log(initial[i]));
            for (int j = 0; j < States; j++)
            {
                double probability = transitions[i * States + j], log = Math.Log(probability);
                IsDense &= probability >= LeastTransition;
                From[i * Stride + j] = To[j * Stride + i] = probability;
                LogFrom[i * Stride + j] = LogTo[j * Stride + i] = log;
                EntropyTo[j * Stride + i] = probability > 0 ? probability * log : 0;
            }
        }
    }

    /// <summary>K.</summary>
    public int States { get; }

    /// <summary>K in whole lanes.</summary>
    public int Stride { get; }

    /// <summary>Whether no transition is (nearly) impossible.</summary>
    public bool IsDense { get; }

    /// <summary>π and its logarithm.</summary>
    public double* Initial { get; }

    /// <inheritdoc cref="Initial"/>
    public double* LogInitial { get; }

    /// <summary>A, row i = from state i; and its logarithm.</summary>
    public double* From { get; }

    /// <inheritdoc cref="From"/>
    public double* LogFrom { get; }

    /// <summary>A transposed, row j = to state j; A ln A; ln A.</summary>
    public double* To { get; }

    /// <inheritdoc cref="To"/>
    public double* EntropyTo { get; }

    /// <inheritdoc cref="To"/>
    public double* LogTo { get; }
}
