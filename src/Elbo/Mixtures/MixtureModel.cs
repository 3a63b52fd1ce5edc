using Elbo.Engine;
using Elbo.Families;

namespace Elbo.Mixtures;

/// <summary>
/// A finite mixture of components of one family. M-step: π_k ∝ N_k + a − 1 and the family's own (Bishop 2006, eq. 9.22; a = 1: maximum likelihood).
/// </summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
/// <typeparam name="TStatistics">The components' statistics.</typeparam>
/// <param name="family">The family.</param>
/// <param name="weightPrior">A Dirichlet prior on the weights; null for none.</param>
public sealed class MixtureModel<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, DirichletPrior? weightPrior = null)
    : IModel<MixtureParameters<TComponents>, MixtureStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>The family.</summary>
    public IComponentFamily<TComponents, TStatistics> Family => family;

    /// <inheritdoc/>
    public MixtureStatistics<TStatistics> CreateStatistics(MixtureParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new MixtureStatistics<TStatistics>(current.Count, family.CreateStatistics(current.Components));
    }

    /// <inheritdoc/>
    public MixtureStatistics<TStatistics> Renew(MixtureStatistics<TStatistics> used, MixtureParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics renewed = family.Renew(used.Components, current.Components);
        if (!ReferenceEquals(renewed, used.Components)) return new MixtureStatistics<TStatistics>(current.Count, renewed);
        used.Counts.Clear();
        return used;
    }

    /// <inheritdoc/>
    public MixtureStatistics<TStatistics> Recentre(MixtureStatistics<TStatistics> statistics, MixtureParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics own = family.Recentre(statistics.Components, current.Components);
        if (ReferenceEquals(own, statistics.Components)) return statistics;
        var moved = new MixtureStatistics<TStatistics>(current.Count, own);
        statistics.Counts.CopyTo(moved.Counts);
        return moved;
    }

    /// <inheritdoc/>
    public MixtureParameters<TComponents> Maximize(MixtureStatistics<TStatistics> statistics, MixtureParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return new MixtureParameters<TComponents>(DirichletPrior.Mode(statistics.Counts, weightPrior), family.Maximize(statistics.Components, current.Components));
    }

    /// <inheritdoc/>
    public MixtureParameters<TComponents> Constrain(MixtureParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new MixtureParameters<TComponents>(parameters.Weights, family.Constrain(parameters.Components));
    }

    /// <inheritdoc/>
    public double ExpectedLogJoint(MixtureStatistics<TStatistics> statistics, MixtureParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(parameters);
        return DirichletPrior.ExpectedLog(statistics.Counts, parameters.Weights) + family.ExpectedLogDensity(statistics.Components, parameters.Components);
    }

    /// <inheritdoc/>
    public double Magnitude(MixtureStatistics<TStatistics> statistics, MixtureParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(parameters);
        return family.Magnitude(statistics.Components, parameters.Components);
    }

    /// <inheritdoc/>
    public double GlobalBound(MixtureParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return (weightPrior?.LogDensity(parameters.Weights) ?? 0) + family.LogPrior(parameters.Components);
    }
}
