using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// The evidence log p(w|α,β) of single documents at fixed topics, estimated, and its lower bound by mean field. Holds scratch memory: for one thread at a time.
/// </summary>
/// <remarks>
/// β are the topics where they are points, and their means E_q[β] where they are smoothed. A document is given by its terms, distinct and in rising order, and
/// how often each occurs; every term must be possible in some topic.
/// </remarks>
public abstract class DocumentEvidence
{
    // To the fixed point: the gap is the family's, not that of an E-step which was broken off.
    static readonly DocumentOptions Converged = new() { Tolerance = 1e-10, MaximumUpdates = 20_000 };

    readonly LdaParameters _points;
    readonly LdaTables _tables;

    private DocumentEvidence(LdaParameters points, LdaTables tables)
    {
        _points = points;
        _tables = tables;
    }

    /// <summary>Prepares the topics of a model.</summary>
    public static DocumentEvidence At(LdaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return KernelProfiles.Run(KernelProfiles.Current, new Preparation(parameters.HasPoints ? parameters : Means(parameters), new LdaTables()));
    }

    /// <summary>The ELBO of a document in nats, the five terms of Blei, Ng, Jordan 2003, eq. 15: q from γ = α + N/K updated to its fixed point, a mean |Δγ| of 1e-10.</summary>
    public double Bound(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts) => Check(terms, counts) ? BoundCore(terms, counts) : 0;

    /// <summary>Annealed importance sampling.</summary>
    /// <param name="terms">The document's terms.</param>
    /// <param name="counts">How often each occurs, above 0.</param>
    /// <param name="chains">Independent chains, ≥ 2.</param>
    /// <param name="steps">Steps from independent tokens to the model, ≥ 1.</param>
    /// <param name="random">Random numbers.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public EvidenceEstimate Anneal(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int chains, int steps, Philox random, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentNullException.ThrowIfNull(random);
        return Check(terms, counts) ? AnnealCore(terms, counts, chains, steps, random, cancellationToken) : EvidenceEstimate.Certain(chains);
    }

    /// <summary>Left-to-right, in its unbiased form.</summary>
    /// <param name="terms">The document's terms.</param>
    /// <param name="counts">How often each occurs, above 0.</param>
    /// <param name="particles">Independent particles, ≥ 2.</param>
    /// <param name="random">Random numbers.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public EvidenceEstimate LeftToRight(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int particles, Philox random, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, 2);
        ArgumentNullException.ThrowIfNull(random);
        return Check(terms, counts) ? LeftToRightCore(terms, counts, particles, random, cancellationToken) : EvidenceEstimate.Certain(particles);
    }

    /// <summary>The same topics for another thread; the tables are shared.</summary>
    internal DocumentEvidence ForAnotherThread() => KernelProfiles.Run(KernelProfiles.Current, new Preparation(_points, _tables));

    private protected abstract double BoundCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts);

    private protected abstract EvidenceEstimate AnnealCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int chains, int steps, Philox random, CancellationToken cancellationToken);

    private protected abstract EvidenceEstimate LeftToRightCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int particles, Philox random, CancellationToken cancellationToken);

    // False for a document without a token. Tables are read by term without further checks.
    bool Check(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        if (terms.Length != counts.Length) throw new ArgumentException($"There are {terms.Length} terms and {counts.Length} counts.", nameof(counts));
        for (int i = 0; i < terms.Length; i++)
        {
            if ((uint)terms[i] >= (uint)_points.Terms) throw new ArgumentOutOfRangeException(nameof(terms), terms[i], $"Terms are numbered from 0 to {_points.Terms - 1}.");
            if (counts[i] < 1) throw new ArgumentOutOfRangeException(nameof(counts), counts[i], $"Term {terms[i]} must occur at least once.");
        }
        return !terms.IsEmpty;
    }

    static LdaParameters Means(LdaParameters parameters)
    {
        var means = new double[parameters.TermTopic.Length];
        for (int i = 0; i < means.Length; i++) means[i] = parameters.TermProbability(i % parameters.Topics, i / parameters.Topics);
        return new LdaParameters(means, parameters.Alpha.ToArray(), null);
    }

    readonly struct Preparation(LdaParameters points, LdaTables tables) : ILanesVisitor<DocumentEvidence>
    {
        public DocumentEvidence Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            tables.Fill<TLanes>(points);
            return new OnLanes<TLanes>(points, tables);
        }
    }

    sealed class OnLanes<TLanes> : DocumentEvidence where TLanes : struct, ILanes<TLanes>
    {
        readonly DocumentFixedPoint<TLanes> _meanField;

        // Where chains begin need not be converged.
        readonly DocumentFixedPoint<TLanes> _guide;
        readonly TokenTopics<TLanes> _document;
        readonly AnnealedSampler<TLanes> _annealed;
        readonly LeftToRightSampler<TLanes> _leftToRight;

        public OnLanes(LdaParameters points, LdaTables tables) : base(points, tables)
        {
            _meanField = new DocumentFixedPoint<TLanes>(points, tables, Converged);
            _guide = new DocumentFixedPoint<TLanes>(points, tables, new DocumentOptions());
            _document = new TokenTopics<TLanes>(points.Topics, tables);
            _annealed = new AnnealedSampler<TLanes>(points.Alpha, _document);
            _leftToRight = new LeftToRightSampler<TLanes>(points.Alpha, _document);
        }

        private protected override double BoundCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
        {
            _meanField.Run(terms, counts, default);
            LocalBound bound = _meanField.Bound();
            return bound.ExpectedLogJoint + bound.Entropy;
        }

        private protected override EvidenceEstimate AnnealCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int chains, int steps, Philox random, CancellationToken cancellationToken)
        {
            _guide.Run(terms, counts, default);
            _document.Load(terms, counts);
            return _annealed.Estimate(_guide.Gamma, chains, steps, random, cancellationToken);
        }

        private protected override EvidenceEstimate LeftToRightCore(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int particles, Philox random, CancellationToken cancellationToken)
        {
            _document.Load(terms, counts);
            return _leftToRight.Estimate(particles, random, cancellationToken);
        }
    }
}
