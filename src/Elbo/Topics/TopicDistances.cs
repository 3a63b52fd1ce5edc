using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>How far topics are from each other: the square roots of the Jensen–Shannon divergences between their E[β_k] (nats), from 0 for the same topic to √ln 2 for topics without a common term. Immutable and thread-safe.</summary>
public sealed class TopicDistances
{
    /// <summary>The distance of topics that have no term in common.</summary>
    public static readonly double Largest = Math.Sqrt(Math.Log(2));

    // So many terms of 200 topics fit into a processor's second cache.
    const int TermsPerBlock = 1024;

    readonly double[] _distances;

    TopicDistances(double[] distances, int topics)
    {
        _distances = distances;
        Topics = topics;
    }

    /// <summary>K, the number of topics.</summary>
    public int Topics { get; }

    /// <summary>The distance between two topics, in [0, √ln 2].</summary>
    public double this[int a, int b] => _distances[a * Topics + b];

    /// <summary>Compares all pairs of topics, in time K²V.</summary>
    /// <param name="parameters">The topics.</param>
    /// <param name="threads">How many to work with; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static TopicDistances Of(LdaParameters parameters, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int topics = parameters.Topics;
        var blocks = new double[(parameters.Terms + TermsPerBlock - 1) / TermsPerBlock][];
        Crew.Run(threads, blocks.Length, (_, block) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            blocks[block] = KernelProfiles.Run(KernelProfiles.Current, new BlockSums(parameters, block * TermsPerBlock));
        });
        var sums = new double[topics * topics];
        foreach (double[] block in blocks)
            for (int i = 0; i < sums.Length; i++) sums[i] += block[i];
        var distances = new double[topics * topics];
        for (int a = 0; a < topics; a++)
        {
            // JS = H(m) − ½ H(a) − ½ H(b) with m = (a + b)/2: exactly 0 for equal topics, whose sums are the same.
            for (int b = 0; b < a; b++)
                distances[a * topics + b] = distances[b * topics + a] = Math.Sqrt(Math.Clamp(0.5 * (sums[a * topics + a] + sums[b * topics + b]) - sums[a * topics + b], 0, Math.Log(2)));
        }
        return new TopicDistances(distances, topics);
    }

    /// <summary>Places in the plane whose distances are near to these, by classical scaling: one for each topic, about (0, 0). The same distances give the same places.</summary>
    public IReadOnlyList<(double X, double Y)> Map() => ClassicalScaling.Plane(_distances, Topics);

    /// <summary>Σ_v m log m over a block of terms for all pairs of topics, where m = (a + b)/2.</summary>
    readonly struct BlockSums(LdaParameters parameters, int first) : ILanesVisitor<double[]>
    {
        public unsafe double[] Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            int topics = parameters.Topics, count = Math.Min(TermsPerBlock, parameters.Terms - first), stride = AlignedBuffer.Pad(count);
            var buffer = new AlignedBuffer();
            buffer.EnsureLength((long)topics * stride);
            for (int topic = 0; topic < topics; topic++)
            {
                Span<double> row = buffer.Span((long)topic * stride, stride);
                for (int i = 0; i < count; i++) row[i] = parameters.TermProbability(topic, first + i);
                row[count..].Clear();
            }
            var sums = new double[topics * topics];
            for (int a = 0; a < topics; a++)
                for (int b = 0; b <= a; b++) sums[a * topics + b] = Sum<TLanes>(buffer.Pointer + (long)a * stride, buffer.Pointer + (long)b * stride, stride);
            GC.KeepAlive(buffer);
            return sums;
        }

        static unsafe double Sum<TLanes>(double* a, double* b, int stride) where TLanes : struct, ILanes<TLanes>
        {
            // What is no normal number counts as 0, times a finite logarithm.
            TLanes sum = TLanes.Zero, half = TLanes.Broadcast(0.5), least = TLanes.Broadcast(2.2250738585072014e-308);
            for (int v = 0; v < stride; v += ILanes<TLanes>.Count)
            {
                TLanes middle = half * (TLanes.Load(a + v) + TLanes.Load(b + v));
                sum = TLanes.MultiplyAdd(middle, VectorMath.Log(TLanes.Max(middle, least)), sum);
            }
            return TLanes.Sum(sum);
        }
    }
}
