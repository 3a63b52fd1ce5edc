using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// A family of distributions of a row, p(x | z = k, θ). Written once, it gives a finite mixture and a hidden Markov model. K components are seen together,
/// because parameters may be shared (a tied covariance). Implementations are immutable and thread-safe.
/// </summary>
/// <remarks>
/// A family may have latent variables of its own, u (the scale of a Student-t, the part of a mixture emission). Its statistics are then expectations over
/// q(u | z = k) = p(u | x, z = k), and its kernel tells their expected log joint and entropy.
/// </remarks>
/// <typeparam name="TComponents">θ of K components.</typeparam>
/// <typeparam name="TStatistics">Their expected sufficient statistics.</typeparam>
public interface IComponentFamily<TComponents, TStatistics>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>The name in files and on the command line: poisson.</summary>
    string Name { get; }

    /// <summary>The settings that make an equal family again (priors, floors), as text in invariant form, for files. Empty where there are none.</summary>
    IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>Whether rows hold columns that are given and not drawn (the regressors of a regression).</summary>
    bool HasRegressors => false;

    /// <summary>Refuses rows that the family cannot have made.</summary>
    /// <exception cref="ArgumentException">The message names row and column, and says what the family takes.</exception>
    void Check(ObservationTable table);

    /// <summary>K equal components fitted to all rows (with their weights) as if they were one: where starts take their origin and scale from.</summary>
    TComponents Pool(ObservationTable table, int components);

    /// <summary>Empty statistics; second moments take their origin from the current parameters.</summary>
    TStatistics CreateStatistics(TComponents current);

    /// <summary>Used statistics made empty for another pass at other parameters.</summary>
    TStatistics Renew(TStatistics used, TComponents current)
    {
        used.Clear();
        return used;
    }

    /// <summary>The same statistics about the origin that the current parameters give (online EM).</summary>
    TStatistics Recentre(TStatistics statistics, TComponents current) => statistics;

    /// <summary>The M-step: argmax over θ of <see cref="ExpectedLogDensity"/> + <see cref="LogPrior"/>, within the family's constraints (floors), or no worse than <paramref name="current"/>. A component without any weight keeps its parameters. Pure.</summary>
    TComponents Maximize(TStatistics statistics, TComponents current);

    /// <summary>Brings components within the constraints that <see cref="Maximize"/> keeps (floors): what acceleration proposes, or somebody gave, may lie beyond.</summary>
    TComponents Constrain(TComponents components) => components;

    /// <summary>Σ_k E_q[Σ_i 1(z_i = k) log p(x_i, u_i | z_i = k, θ)] in nats, for any θ, from the statistics alone; every term that does not depend on θ included.</summary>
    double ExpectedLogDensity(TStatistics statistics, TComponents components);

    /// <inheritdoc cref="IModel{TParameters, TStatistics}.Magnitude"/>
    double Magnitude(TStatistics statistics, TComponents components) => 0;

    /// <summary>log p(θ) in nats, normalised; 0 without a prior.</summary>
    double LogPrior(TComponents components) => 0;

    /// <summary>Whether a component lies on the edge of what the family allows, where its likelihood is an artefact of a floor (a variance at its least value).</summary>
    bool IsOnFloor(TComponents components, int component) => false;

    /// <summary>Gets ready for one pass at θ.</summary>
    /// <exception cref="ArgumentException">The components are not of the family as it is set up.</exception>
    IComponentKernel<TStatistics> Prepare(TComponents components);

    /// <summary>Refuses components that are not of so many columns, or not of the family as it is set up.</summary>
    internal void CheckComponents(TComponents components, int columns)
    {
        if (components.Columns != columns) throw new ArgumentException($"The parameters are of {components.Columns} columns, and there are {columns}.");
        Prepare(components);
    }

    /// <summary>Refuses to draw without the regressors that the family needs.</summary>
    internal void CheckRegressors(ObservationTable? regressors)
    {
        if (HasRegressors && regressors is null) throw new ArgumentException($"The family '{Name}' draws responses to regressors. Give a table of them (--regressors).");
    }

    /// <summary>Draws a row from a component. Columns that the family does not explain (the regressors of a regression) are given in the row and stay.</summary>
    void Sample(TComponents components, int component, Philox random, Span<double> row);
}

/// <summary>A family at fixed parameters. Used by one thread at a time; it allocates nothing once warm.</summary>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public interface IComponentKernel<TStatistics> where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>log p(x_i | z_i = k, θ) of every component and row of the block, u summed out; may be −∞, never NaN or +∞.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="into">K × <see cref="RowBlock.Capacity"/>, laid out as <see cref="RowBlock"/> says; what is written beyond the block's rows is ignored.</param>
    void LogDensities(RowBlock block, Span<double> into);

    /// <summary>Adds the expected statistics of the block's rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="responsibilities">w_i q(z_i = k), K × <see cref="RowBlock.Capacity"/>; 0 beyond the block's rows.</param>
    /// <param name="logDensities">What <see cref="LogDensities"/> gave for this block.</param>
    /// <param name="into">What to add to.</param>
    /// <returns>Both parts summed directly, with the weights in <paramref name="responsibilities"/>.</returns>
    FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, TStatistics into);
}

/// <summary>A family's part of the bound for some rows, in nats.</summary>
/// <param name="ExpectedLogDensity">Σ_i,k w_i q(z_i = k) E_q[log p(x_i, u_i | z_i = k, θ)].</param>
/// <param name="Entropy">Σ_i,k w_i q(z_i = k) H(q(u_i | z_i = k)); 0 for a family without latent variables of its own.</param>
public readonly record struct FamilyBound(double ExpectedLogDensity, double Entropy)
{
    /// <summary>For families without latent variables of their own: Σ_i,k w_i q(z_i = k) log p(x_i | z_i = k, θ), where 0 times anything is 0.</summary>
    public static FamilyBound Of(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities)
    {
        double sum = 0;
        for (int start = 0; start < responsibilities.Length; start += RowBlock.Capacity)
        {
            ReadOnlySpan<double> q = responsibilities.Slice(start, block.Count), log = logDensities.Slice(start, block.Count);
            for (int i = 0; i < q.Length; i++)
                if (q[i] != 0) sum += q[i] * log[i];
        }
        return new FamilyBound(sum, 0);
    }
}
