using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>α and η as the sweeps use them: concentrations for mean field and CVB0, added counts for MAP.</summary>
sealed class SweepPrior
{
    public SweepPrior(double[] alpha, double eta)
    {
        Alpha = alpha;
        Eta = eta;
        SingleAlpha = [.. alpha.Select(value => (float)value)];
        AlphaSum = alpha.Sum();
    }

    /// <summary>α, K values.</summary>
    public double[] Alpha { get; }

    public float[] SingleAlpha { get; }

    public double AlphaSum { get; }

    public double Eta { get; }

    /// <summary>What a topic's terms are multiplied by, padded with zeros; from n_k.</summary>
    public unsafe void Inverses<TLanes, TProportions>(CountTable counts, float* into) where TLanes : struct, ISingleLanes<TLanes> where TProportions : struct, IProportions<TLanes>
    {
        new Span<float>(into, counts.Stride).Clear();
        for (int topic = 0; topic < counts.Topics; topic++)
            into[topic] = (float)TProportions.OfTopic(counts.Sums[topic] + counts.Terms * Eta);
    }
}
