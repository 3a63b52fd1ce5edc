using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Mixtures;

/// <summary>
/// The posterior over components of the rows of one block, and its part of the bound. Used by one thread at a time, and allocates nothing.
/// </summary>
/// <remarks>ln q is kept beside q, so that the entropy is summed from q itself and the log-evidence from the log-sum-exp: the two meet only in the certificate.</remarks>
sealed unsafe class MixturePosterior<TStatistics> where TStatistics : class, IStatistics<TStatistics>
{
    const int Capacity = RowBlock.Capacity;

    /// <summary>The smallest number whose logarithm the lanes take; below it q ln q is 0 to every bit that counts.</summary>
    const double SmallestNormal = 2.2250738585072014e-308;

    readonly IComponentKernel<TStatistics> _kernel;
    readonly double[] _logWeights;
    readonly AlignedBuffer _logDensities = new(), _responsibilities = new(), _evidence = new(), _weights = new(), _counts = new();
    readonly IPosteriorKernel _lanes = KernelProfiles.Run(KernelProfiles.Current, new KernelMaker());

    public MixturePosterior(ReadOnlySpan<double> weights, IComponentKernel<TStatistics> kernel)
    {
        _kernel = kernel;
        _logWeights = new double[weights.Length];
        for (int k = 0; k < weights.Length; k++) _logWeights[k] = Math.Log(weights[k]);
        _logDensities.EnsureLength(weights.Length * Capacity);
        _responsibilities.EnsureLength(weights.Length * Capacity);
        _evidence.EnsureLength(Capacity);
        _weights.EnsureLength(Capacity);
        _counts.EnsureLength(weights.Length);
    }

    public int Components => _logWeights.Length;

    /// <summary>q(z = k) of the rows found last, one component after another, <see cref="RowBlock.Capacity"/> numbers each.</summary>
    public Span<double> Responsibilities => _responsibilities.Span(0, Components * Capacity);

    /// <summary>log p(x) of the rows found last.</summary>
    public ReadOnlySpan<double> LogEvidence => _evidence.Span(0, Capacity);

    Span<double> LogDensities => _logDensities.Span(0, Components * Capacity);

    /// <summary>The exact posterior of a block's rows.</summary>
    public void Find(RowBlock block)
    {
        _kernel.LogDensities(block, LogDensities);
        if (block.Count < Capacity)
            for (int k = 0; k < Components; k++) LogDensities.Slice(k * Capacity + block.Count, Capacity - block.Count).Clear();
        fixed (double* logWeights = _logWeights)
            _lanes.Normalize(_logDensities.Pointer, logWeights, Components, _responsibilities.Pointer, _evidence.Pointer);
        GC.KeepAlive(_logDensities);
        GC.KeepAlive(_responsibilities);
        GC.KeepAlive(_evidence);
        Span<double> evidence = _evidence.Span(0, block.Count);
        for (int i = 0; i < evidence.Length; i++)
            if (double.IsNaN(evidence[i])) TakePrior(i);
    }

    /// <summary>A row that no component can have made tells nothing of where it came from.</summary>
    void TakePrior(int row)
    {
        _evidence.Span(0, Capacity)[row] = double.NegativeInfinity;
        for (int k = 0; k < Components; k++) Responsibilities[k * Capacity + row] = Math.Exp(_logWeights[k]);
    }

    /// <summary>Puts all of q on the likeliest component of each row.</summary>
    public void Harden(int count)
    {
        Span<double> q = Responsibilities;
        for (int i = 0; i < count; i++)
        {
            int best = 0;
            for (int k = 1; k < Components; k++)
                if (q[k * Capacity + i] > q[best * Capacity + i]) best = k;
            for (int k = 0; k < Components; k++) q[k * Capacity + i] = k == best ? 1 : 0;
        }
    }

    /// <summary>Takes the responsibilities that are known. The log-evidence of such a row is what its q allows: Σ q (ln π p − ln q).</summary>
    /// <param name="known">K numbers a row, NaN where they are not known.</param>
    /// <param name="count">How many rows.</param>
    public void Fix(ReadOnlySpan<double> known, int count)
    {
        Span<double> q = Responsibilities;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> own = known.Slice(i * Components, Components);
            if (double.IsNaN(own[0])) continue;
            double evidence = 0;
            for (int k = 0; k < Components; k++)
            {
                q[k * Capacity + i] = own[k];
                if (own[k] > 0) evidence += own[k] * (_logWeights[k] + LogDensities[k * Capacity + i] - Math.Log(own[k]));
            }
            _evidence.Span(0, Capacity)[i] = evidence;
        }
    }

    /// <summary>Adds the expected statistics of the rows found last, and gives their part of the bound.</summary>
    public LocalBound Accumulate(RowBlock block, ReadOnlySpan<double> weights, MixtureStatistics<TStatistics> into)
    {
        // What is left of the block beyond its rows has the weight 0.
        Span<double> own = _weights.Span(0, Capacity);
        if (weights.IsEmpty) own[..block.Count].Fill(1);
        else weights.CopyTo(own);
        own[block.Count..].Clear();
        double evidence = _lanes.Sum(_weights.Pointer, _evidence.Pointer), joint = 0;
        double entropy = _lanes.Weigh(_weights.Pointer, _responsibilities.Pointer, Components, _counts.Pointer);
        for (int k = 0; k < Components; k++)
        {
            double count = _counts.Span(k, 1)[0];
            into.Counts[k] += count;
            if (count != 0) joint += count * _logWeights[k];
        }
        FamilyBound family = _kernel.Accumulate(block, Responsibilities, LogDensities, into.Components);
        GC.KeepAlive(this);
        return new LocalBound(joint + family.ExpectedLogDensity, entropy + family.Entropy, evidence);
    }

    interface IPosteriorKernel
    {
        void Normalize(double* logDensities, double* logWeights, int components, double* responsibilities, double* evidence);

        /// <summary>Σ w v of a block, where 0 times anything is 0.</summary>
        double Sum(double* weights, double* values);

        /// <summary>Turns q into w q; gives −Σ w q ln q, and Σ w q of each component.</summary>
        double Weigh(double* weights, double* responsibilities, int components, double* counts);
    }

    sealed class KernelMaker : ILanesVisitor<IPosteriorKernel>
    {
        public IPosteriorKernel Visit<TLanes>() where TLanes : struct, ILanes<TLanes> => new PosteriorKernel<TLanes>();
    }

    sealed class PosteriorKernel<TLanes> : IPosteriorKernel where TLanes : struct, ILanes<TLanes>
    {
        public void Normalize(double* logDensities, double* logWeights, int components, double* responsibilities, double* evidence)
        {
            for (int i = 0; i < Capacity; i += ILanes<TLanes>.Count)
            {
                // Far below every log-density but finite, so that a row that no component can have made gives −∞ and 0/0 is never formed.
                TLanes largest = TLanes.Broadcast(-double.MaxValue);
                for (int k = 0; k < components; k++)
                {
                    TLanes joint = TLanes.Load(logDensities + k * Capacity + i) + TLanes.Broadcast(logWeights[k]);
                    TLanes.Store(responsibilities + k * Capacity + i, joint);
                    largest = TLanes.Max(largest, joint);
                }
                TLanes sum = TLanes.Zero;
                for (int k = 0; k < components; k++)
                {
                    TLanes value = VectorMath.Exp(TLanes.Load(responsibilities + k * Capacity + i) - largest);
                    TLanes.Store(responsibilities + k * Capacity + i, value);
                    sum += value;
                }
                TLanes.Store(evidence + i, largest + VectorMath.Log(sum));
                for (int k = 0; k < components; k++)
                    TLanes.Store(responsibilities + k * Capacity + i, TLanes.Load(responsibilities + k * Capacity + i) / sum);
            }
        }

        public double Sum(double* weights, double* values)
        {
            TLanes sum = TLanes.Zero;
            for (int i = 0; i < Capacity; i += ILanes<TLanes>.Count)
            {
                TLanes weight = TLanes.Load(weights + i);
                sum += TLanes.Select(TLanes.LessThan(TLanes.Zero, weight), weight * TLanes.Load(values + i), TLanes.Zero);
            }
            return TLanes.Sum(sum);
        }

        public double Weigh(double* weights, double* responsibilities, int components, double* counts)
        {
            TLanes sum = TLanes.Zero, tiny = TLanes.Broadcast(SmallestNormal);
            for (int k = 0; k < components; k++, responsibilities += Capacity)
            {
                TLanes count = TLanes.Zero;
                for (int i = 0; i < Capacity; i += ILanes<TLanes>.Count)
                {
                    TLanes q = TLanes.Load(responsibilities + i), weighted = q * TLanes.Load(weights + i);
                    TLanes.Store(responsibilities + i, weighted);
                    count += weighted;
                    sum = TLanes.MultiplyAdd(weighted, VectorMath.Log(TLanes.Max(q, tiny)), sum);
                }
                counts[k] = TLanes.Sum(count);
            }
            return -TLanes.Sum(sum);
        }
    }
}
