using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// Left-to-right (Wallach, Murray, Salakhutdinov, Mimno 2009) in its unbiased form (Buntine 2009): before each token the topics of those before it are drawn anew,
/// and a particle's weight is the product of what it then gives the token (docs/derivation.md, eq. 64 and 65). Scratch for one thread.
/// </summary>
sealed unsafe class LeftToRightSampler<TLanes>(TokenTopics<TLanes> document) where TLanes : struct, ILanes<TLanes>
{
    readonly AlignedBuffer _counts = new();
    int[] _topics = [];
    double[] _logWeights = [];

    /// <summary>The estimate for the document that is loaded. Changes the order of its tokens.</summary>
    public EvidenceEstimate Estimate(int particles, Philox random, CancellationToken cancellationToken)
    {
        if (_topics.Length < document.Length) _topics = new int[document.Length];
        if (_logWeights.Length < particles) _logWeights = new double[particles];
        _counts.EnsureLength(document.Stride);
        document.Temper(1);
        for (int particle = 0; particle < particles; particle++)
        {
            // The order is as good as any other, and each particle's own: no one order decides.
            random.Shuffle(document.Tokens);
            _logWeights[particle] = document.Offset + Run(random, cancellationToken);
        }
        return EvidenceEstimate.Of(_logWeights.AsSpan(0, particles));
    }

    double Run(Philox random, CancellationToken cancellationToken)
    {
        Span<int> tokens = document.Tokens;
        Span<int> topics = _topics.AsSpan(0, tokens.Length);
        double* counts = _counts.Pointer;
        _counts.Span(0, document.Stride).Clear();
        double logWeight = 0;
        for (int n = 0; n < tokens.Length; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int earlier = 0; earlier < n; earlier++)
            {
                counts[topics[earlier]]--;
                topics[earlier] = document.Draw(tokens[earlier], counts, random.NextDouble(), out _);
                counts[topics[earlier]]++;
            }
            topics[n] = document.Draw(tokens[n], counts, random.NextDouble(), out double total);
            counts[topics[n]]++;
            logWeight += Math.Log(total / (document.AlphaSum + n));
        }
        GC.KeepAlive(_counts);
        return logWeight;
    }
}
