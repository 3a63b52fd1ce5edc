using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// Computes E[log β_kv] in nats, term by term: Ψ(λ_kv) − Ψ(Σ_v λ_kv), or log β_kv where topics are points. Rows are padded to whole vectors.
/// E-step, bound and global bound all take them from here. For one thread.
/// </summary>
sealed unsafe class TopicLogs
{
    /// <summary>
    /// Stands for log 0: so low that its exponential is 0, and small enough that expected counts of 0, or as good as 0, times it are too.
    /// </summary>
    public const double LogZero = -1e6;

    readonly LdaParameters _parameters;
    readonly AlignedBuffer _normalizers = new();
    readonly AlignedBuffer _row = new();

    public TopicLogs(LdaParameters parameters)
    {
        _parameters = parameters;
        Stride = AlignedBuffer.Pad(parameters.Topics);
        _row.EnsureLength(Stride);
        _normalizers.EnsureLength(Stride);
        _normalizers.Span(0, Stride).Clear();
        if (parameters.HasPoints) return;
        for (int topic = 0; topic < parameters.Topics; topic++) _normalizers.Pointer[topic] = SpecialFunctions.Digamma(parameters.TopicSums[topic]);
    }

    /// <summary>What to throw where every topic has <see cref="LogZero"/> for the term of a token.</summary>
    public static InvalidOperationException Impossible(int term) =>
        new($"Term {term} has the probability 0 in every topic, so no document can have it. Give every term some weight in the starting topics, or drop it.");

    /// <summary>The length of a padded row.</summary>
    public int Stride { get; }

    /// <summary>The row of a term, K values, good until the next call.</summary>
    public ReadOnlySpan<double> Of<TLanes>(int term) where TLanes : struct, ILanes<TLanes>
    {
        Compute<TLanes>(term, _row.Pointer);
        return _row.Span(0, _parameters.Topics);
    }

    /// <summary>Writes the row of a term; the padding is <see cref="LogZero"/>.</summary>
    public void Compute<TLanes>(int term, double* row) where TLanes : struct, ILanes<TLanes>
    {
        int topics = _parameters.Topics;
        _parameters.TermTopic.Slice(term * topics, topics).CopyTo(new Span<double>(row, topics));
        new Span<double>(row + topics, Stride - topics).Fill(1);
        if (_parameters.HasPoints) LogOfProbabilities<TLanes>(row, Stride);
        else LogOfWeights<TLanes>(row, _normalizers.Pointer, Stride);
        new Span<double>(row + topics, Stride - topics).Fill(LogZero);
        GC.KeepAlive(this);
    }

    static void LogOfWeights<TLanes>(double* row, double* normalizers, int stride) where TLanes : struct, ILanes<TLanes>
    {
        for (int k = 0; k < stride; k += ILanes<TLanes>.Count)
            TLanes.Store(row + k, VectorMath.Digamma(TLanes.Load(row + k)) - TLanes.Load(normalizers + k));
    }

    // The vector logarithm takes positive normal numbers. Smaller probabilities are scaled up first: were they taken for 0, the expected
    // counts that belong to them, small but above 0, would lower the bound when a probability fades from one M-step to the next.
    static void LogOfProbabilities<TLanes>(double* row, int stride) where TLanes : struct, ILanes<TLanes>
    {
        const double scale = 18014398509481984, logScale = 37.429947750237048; // 2⁵⁴
        TLanes smallestNormal = TLanes.Broadcast(2.2250738585072014e-308), smallest = TLanes.Broadcast(double.Epsilon), logZero = TLanes.Broadcast(LogZero);
        for (int k = 0; k < stride; k += ILanes<TLanes>.Count)
        {
            TLanes probability = TLanes.Load(row + k), isSmall = TLanes.LessThan(probability, smallestNormal);
            TLanes scaled = TLanes.Max(TLanes.Select(isSmall, probability * TLanes.Broadcast(scale), probability), smallestNormal);
            TLanes log = VectorMath.Log(scaled) - TLanes.Select(isSmall, TLanes.Broadcast(logScale), TLanes.Zero);
            TLanes.Store(row + k, TLanes.Select(TLanes.LessThan(probability, smallest), logZero, log));
        }
    }
}
