using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>The MAP E-step at fixed parameters, document after document.</summary>
sealed class LdaMapKernel<TLanes> : IEStepKernel<DocumentBatch, LdaStatistics> where TLanes : struct, ILanes<TLanes>
{
    readonly LdaParameters _parameters;
    readonly bool _isWarm;
    readonly DocumentMode<TLanes> _document;

    public LdaMapKernel(LdaParameters parameters, LdaTables tables, bool isWarm, DocumentOptions options)
    {
        _parameters = parameters;
        _isWarm = isWarm;
        _document = new DocumentMode<TLanes>(parameters, tables, options);
    }

    public LocalBound Accumulate(DocumentBatch batch, LdaStatistics into)
    {
        DocumentBatch.Check(batch, _parameters, into);
        if (_isWarm && batch.Gamma.IsEmpty)
            throw new ArgumentException("The document start Warm needs the ϑ of the pass before; give the shards a local state.", nameof(batch));
        var bound = new LocalBound(0, 0, 0);
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<int> terms = batch.Corpus.Terms(batch.First + i);
            Span<double> theta = batch.Gamma.IsEmpty ? default : batch.Gamma.Slice(i * into.Topics, into.Topics);
            double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[i];

            // ϑ adds up to 1 once a pass has set it.
            _document.Run(terms, batch.Corpus.Counts(batch.First + i), _isWarm && theta.ContainsAnyExcept(0.0) ? theta : default);
            bound = bound.Plus(_document.Bound(), weight);
            _document.AddStatistics(terms, weight, into);
            if (!theta.IsEmpty) _document.Theta.CopyTo(theta);
        }
        return bound;
    }
}
