using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>The mean-field E-step at fixed parameters, document after document.</summary>
sealed unsafe class LdaKernel<TLanes> : IEStepKernel<DocumentBatch, LdaStatistics> where TLanes : struct, ILanes<TLanes>
{
    const double TieTolerance = 1e-10;

    readonly DocumentStart _start;
    readonly LdaParameters _parameters;
    readonly DocumentFixedPoint<TLanes> _cold;
    readonly DocumentFixedPoint<TLanes>? _warm;

    public LdaKernel(LdaParameters parameters, LdaTables tables, DocumentStart start, DocumentOptions options)
    {
        _start = start;
        _parameters = parameters;
        _cold = new DocumentFixedPoint<TLanes>(parameters, tables, options);
        if (start != DocumentStart.Cold) _warm = new DocumentFixedPoint<TLanes>(parameters, tables, options);
    }

    public LocalBound Accumulate(DocumentBatch batch, LdaStatistics into)
    {
        DocumentBatch.Check(batch, _parameters, into);
        if (_warm is not null && batch.Gamma.IsEmpty)
            throw new ArgumentException($"The document start {_start} needs the γ of the pass before; give the shards a local state.", nameof(batch));
        LocalBound bound = default;
        int topics = into.Topics;
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<int> terms = batch.Corpus.Terms(batch.First + i);
            ReadOnlySpan<int> counts = batch.Corpus.Counts(batch.First + i);
            Span<double> gamma = batch.Gamma.IsEmpty ? default : batch.Gamma.Slice(i * topics, topics);
            double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[i];

            DocumentFixedPoint<TLanes> found = Find(terms, counts, gamma, out LocalBound own);
            found.AddStatistics(terms, weight, into);
            if (!gamma.IsEmpty) found.Gamma.CopyTo(gamma);
            bound = bound.Plus(own, weight);
        }
        return bound;
    }

    DocumentFixedPoint<TLanes> Find(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, ReadOnlySpan<double> previous, out LocalBound bound)
    {
        // γ is above 0 once a pass has set it.
        bool hasPrevious = _warm is not null && previous[0] > 0;
        LocalBound warmBound = default;
        if (hasPrevious)
        {
            _warm!.Run(terms, counts, previous);
            warmBound = _warm.Bound();
            if (_start == DocumentStart.Warm)
            {
                bound = warmBound;
                return _warm;
            }
        }
        _cold.Run(terms, counts, default);
        bound = _cold.Bound();
        // Both mostly end in the same place: where rounding alone tells them apart, it must not choose, or kernel profiles part ways.
        double margin = TieTolerance * (1 + Math.Abs(warmBound.ExpectedLogJoint) + Math.Abs(warmBound.Entropy));
        if (!hasPrevious || bound.ExpectedLogJoint + bound.Entropy > warmBound.ExpectedLogJoint + warmBound.Entropy + margin) return _cold;
        bound = warmBound;
        return _warm!;
    }
}
