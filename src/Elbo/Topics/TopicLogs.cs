using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// E[log β_kv] in nats for every term and topic: Ψ(λ_kv) − Ψ(Σ_v λ_kv), or log β_kv where topics are points. Rows by term, padded to whole vectors.
/// Made once for the parameters that it belongs to; E-step, bound and global bound all read it.
/// </summary>
sealed unsafe class TopicLogs
{
    /// <summary>
    /// Stands for log 0: so low that its exponential is 0, and small enough that expected counts of 0, or as good as 0, times it are too.
    /// </summary>
    public const double LogZero = -1e6;

    readonly AlignedBuffer _rows = new();

    TopicLogs(LdaParameters parameters)
    {
        Topics = parameters.Topics;
        Stride = AlignedBuffer.Pad(Topics);
        _rows.EnsureLength((long)parameters.Terms * Stride);
    }

    public int Topics { get; }

    /// <summary>The length of a padded row.</summary>
    public int Stride { get; }

    /// <summary>The row of a term; the padding is <see cref="LogZero"/>.</summary>
    public double* Row(int term) => _rows.Pointer + (long)term * Stride;

    /// <summary>E[log β_kv] of a term, K values.</summary>
    public ReadOnlySpan<double> Of(int term) => _rows.Span((long)term * Stride, Topics);

    public static TopicLogs Of(LdaParameters parameters) => KernelProfiles.Run(KernelProfiles.Current, new Computation(parameters));

    readonly struct Computation(LdaParameters parameters) : ILanesVisitor<TopicLogs>
    {
        public TopicLogs Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var logs = new TopicLogs(parameters);
            int topics = parameters.Topics, stride = logs.Stride;
            var normalizers = new AlignedBuffer();
            normalizers.EnsureLength(stride);
            normalizers.Span(0, stride).Clear();
            if (parameters.Prior is not null)
                for (int topic = 0; topic < topics; topic++) normalizers.Pointer[topic] = SpecialFunctions.Digamma(parameters.TopicSums[topic]);
            for (int term = 0; term < parameters.Terms; term++)
            {
                double* row = logs.Row(term);
                new Span<double>(row, stride).Fill(1);
                parameters.TermTopic.Slice(term * topics, topics).CopyTo(new Span<double>(row, topics));
                if (parameters.Prior is null) LogOfProbabilities<TLanes>(row, stride);
                else LogOfWeights<TLanes>(row, normalizers.Pointer, stride);
                new Span<double>(row + topics, stride - topics).Fill(LogZero);
            }
            GC.KeepAlive(normalizers);
            return logs;
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
}
