using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;

namespace Elbo.HiddenMarkov;

/// <summary>
/// A hidden Markov model whose states emit rows of one family. M-step: π_k ∝ N_k + a − 1 and A_ij ∝ N_ij + a − 1 over the entries that are not
/// structural zeros, and the family's own (Rabiner 1989, eq. 40; a = 1: maximum likelihood). A row of A without any count stays as it is.
/// </summary>
/// <typeparam name="TComponents">The parameters of what the states emit.</typeparam>
/// <typeparam name="TStatistics">Their statistics.</typeparam>
/// <param name="family">What the states emit.</param>
/// <param name="initialPrior">A Dirichlet prior on π; null for none.</param>
/// <param name="transitionPrior">A Dirichlet prior on every row of A; null for none.</param>
public sealed class HiddenMarkovModel<TComponents, TStatistics>(
    IComponentFamily<TComponents, TStatistics> family, DirichletPrior? initialPrior = null, DirichletPrior? transitionPrior = null)
    : IModel<HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>What the states emit.</summary>
    public IComponentFamily<TComponents, TStatistics> Family => family;

    /// <summary>The prior on π; null for none.</summary>
    public DirichletPrior? InitialPrior => initialPrior;

    /// <summary>The prior on every row of A; null for none.</summary>
    public DirichletPrior? TransitionPrior => transitionPrior;

    /// <inheritdoc/>
    public HiddenMarkovStatistics<TStatistics> CreateStatistics(HiddenMarkovParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new HiddenMarkovStatistics<TStatistics>(current.Count, family.CreateStatistics(current.Components));
    }

    /// <inheritdoc/>
    public HiddenMarkovStatistics<TStatistics> Renew(HiddenMarkovStatistics<TStatistics> used, HiddenMarkovParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics renewed = family.Renew(used.Components, current.Components);
        if (!ReferenceEquals(renewed, used.Components)) return new HiddenMarkovStatistics<TStatistics>(current.Count, renewed);
        used.ClearChain();
        return used;
    }

    /// <inheritdoc/>
    public HiddenMarkovStatistics<TStatistics> Recentre(HiddenMarkovStatistics<TStatistics> statistics, HiddenMarkovParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics own = family.Recentre(statistics.Components, current.Components);
        if (ReferenceEquals(own, statistics.Components)) return statistics;
        var moved = new HiddenMarkovStatistics<TStatistics>(current.Count, own);
        statistics.Initial.CopyTo(moved.Initial);
        statistics.Transitions.CopyTo(moved.Transitions);
        return moved;
    }

    /// <inheritdoc/>
    public HiddenMarkovParameters<TComponents> Maximize(HiddenMarkovStatistics<TStatistics> statistics, HiddenMarkovParameters<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        int states = current.Count;
        var initial = new double[states];
        var transitions = new double[states * states];
        Mode(statistics.Initial, current.Initial, initialPrior, initial);
        for (int i = 0; i < states; i++)
            Mode(statistics.Transitions.Slice(i * states, states), current.TransitionsFrom(i), transitionPrior, transitions.AsSpan(i * states, states));
        return new HiddenMarkovParameters<TComponents>(initial, transitions, family.Maximize(statistics.Components, current.Components));
    }

    /// <inheritdoc/>
    public HiddenMarkovParameters<TComponents> Constrain(HiddenMarkovParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new HiddenMarkovParameters<TComponents>(parameters.Initial, parameters.Transitions, family.Constrain(parameters.Components));
    }

    /// <inheritdoc/>
    public double ExpectedLogJoint(HiddenMarkovStatistics<TStatistics> statistics, HiddenMarkovParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(parameters);
        return DirichletPrior.ExpectedLog(statistics.Initial, parameters.Initial) + DirichletPrior.ExpectedLog(statistics.Transitions, parameters.Transitions)
            + family.ExpectedLogDensity(statistics.Components, parameters.Components);
    }

    /// <inheritdoc/>
    public double Magnitude(HiddenMarkovStatistics<TStatistics> statistics, HiddenMarkovParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(parameters);
        return family.Magnitude(statistics.Components, parameters.Components);
    }

    /// <inheritdoc/>
    public double GlobalBound(HiddenMarkovParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = LogDensity(initialPrior, parameters.Initial) + family.LogPrior(parameters.Components);
        for (int i = 0; i < parameters.Count; i++) sum += LogDensity(transitionPrior, parameters.TransitionsFrom(i));
        return sum;
    }

    static void Mode(ReadOnlySpan<double> counts, ReadOnlySpan<double> current, DirichletPrior? prior, Span<double> into)
    {
        double added = prior?.Concentration - 1 ?? 0, total = 0;
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = current[i] > 0 ? counts[i] + added : 0;
            total += into[i];
        }
        if (!(total > 0))
        {
            current.CopyTo(into);
            return;
        }
        // What was seen, however little, is not impossible.
        foreach (ref double probability in into) probability = probability > 0 ? Math.Max(probability / total, double.Epsilon) : 0;
    }

    /// <summary>
    /// Of the entries that are not structural zeros. A flat prior is taken over all of them: without added counts an entry may reach 0 during a fit,
    /// and the constant must not change with it.
    /// </summary>
    static double LogDensity(DirichletPrior? prior, ReadOnlySpan<double> probabilities)
    {
        if (prior is null) return 0;
        if (prior.Concentration == 1) return SpecialFunctions.LogGamma(probabilities.Length);
        double sum = 0;
        int free = 0;
        foreach (double probability in probabilities)
        {
            if (probability == 0) continue;
            sum += (prior.Concentration - 1) * Math.Log(probability);
            free++;
        }
        return sum + SpecialFunctions.LogGamma(free * prior.Concentration) - free * SpecialFunctions.LogGamma(prior.Concentration);
    }
}
