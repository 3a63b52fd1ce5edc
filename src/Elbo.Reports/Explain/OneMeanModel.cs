using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;

namespace Elbo.Reports.Explain;

/// <summary>
/// A mixture of Gaussians over one column of which only the first mean is free: everything else of the given θ stays. The M-step is then exact in that one number, μ₁ = Σ q x / Σ q,
/// so that a picture along it shows all that there is.
/// </summary>
sealed class OneMeanModel(MixtureModel<GaussianComponents, GaussianStatistics> mixture) : IModel<MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>
{
    public MixtureStatistics<GaussianStatistics> CreateStatistics(MixtureParameters<GaussianComponents> current) => mixture.CreateStatistics(current);

    public MixtureStatistics<GaussianStatistics> Renew(MixtureStatistics<GaussianStatistics> used, MixtureParameters<GaussianComponents> current) => mixture.Renew(used, current);

    public MixtureParameters<GaussianComponents> Maximize(MixtureStatistics<GaussianStatistics> statistics, MixtureParameters<GaussianComponents> current) =>
        With(current, mixture.Maximize(statistics, current).Components.Mean(0)[0]);

    public double ExpectedLogJoint(MixtureStatistics<GaussianStatistics> statistics, MixtureParameters<GaussianComponents> parameters) => mixture.ExpectedLogJoint(statistics, parameters);

    public double Magnitude(MixtureStatistics<GaussianStatistics> statistics, MixtureParameters<GaussianComponents> parameters) => mixture.Magnitude(statistics, parameters);

    public double GlobalBound(MixtureParameters<GaussianComponents> parameters) => mixture.GlobalBound(parameters);

    /// <summary>The same parameters with another first mean.</summary>
    public static MixtureParameters<GaussianComponents> With(MixtureParameters<GaussianComponents> parameters, double mean)
    {
        GaussianComponents components = parameters.Components;
        double[] means = components.Means.ToArray();
        means[0] = mean;
        return new(parameters.Weights, new GaussianComponents(components.Structure, means, components.Covariances.ToArray(), components.Columns));
    }
}
