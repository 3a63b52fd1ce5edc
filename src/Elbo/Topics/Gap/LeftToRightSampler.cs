using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// Left-to-right (Wallach, Murray, Salakhutdinov, Mimno 2009) in its unbiased form (Buntine 2009): before each token the topics of those before it are drawn anew,
/// and a particle's weight is the product of what it then gives the token (docs/derivation.md, eq. 64 and 65). Scratch for one thread.
/// </summary>
sealed unsafe class LeftToRightSampler<TLanes> where TLanes : struct, ILanes<TLanes>
{
    readonly TokenTopics<TLanes> _document;
    readonly AlignedBuffer _vectors = new();
    readonly double* _alpha, _counts;
    readonly double _alphaSum;
    int[] _topics = [];
    double[] _logWeights = [];

    public LeftToRightSampler(ReadOnlySpan<double> alpha, TokenTopics<TLanes> document)
    {
        _document = document;
        _vectors.EnsureLength(2L * document.Stride);
        _alpha = _vectors.Pointer;
        _counts = _alpha + document.Stride;
        _vectors.Span(0, document.Stride).Clear();
        alpha.CopyTo(_vectors.Span(0, alpha.Length));
        foreach (double value in alpha) _alphaSum += value;
    }

    /// <summary>The estimate for the document that is loaded. Changes the order of its tokens.</summary>
    public EvidenceEstimate Estimate(int particles, Philox random, CancellationToken cancellationToken)
    {
        if (_topics.Length < _document.Length) _topics = new int[_document.Length];
        if (_logWeights.Length < particles) _logWeights = new double[particles];
        for (int particle = 0; particle < particles; particle++)
        {
            // The order is as good as any other, and each particle's own: no one order decides.
            random.Shuffle(_document.Tokens);
            _logWeights[particle] = _document.Offset + Run(random, cancellationToken);
        }
        return EvidenceEstimate.Of(_logWeights.AsSpan(0, particles));
    }

    double Run(Philox random, CancellationToken cancellationToken)
    {
        Span<int> tokens = _document.Tokens;
        Span<int> topics = _topics.AsSpan(0, tokens.Length);
        double* alpha = _alpha, counts = _counts;
        _vectors.Span(_document.Stride, _document.Stride).Clear();
        double logWeight = 0;
        for (int n = 0; n < tokens.Length; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int earlier = 0; earlier < n; earlier++)
            {
                counts[topics[earlier]]--;
                topics[earlier] = _document.Draw(tokens[earlier], alpha, counts, random.NextDouble(), out _);
                counts[topics[earlier]]++;
            }
            topics[n] = _document.Draw(tokens[n], alpha, counts, random.NextDouble(), out double total);
            counts[topics[n]]++;
            logWeight += Math.Log(total / (_alphaSum + n));
        }
        GC.KeepAlive(this);
        return logWeight;
    }
}
