using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>Where a document's fixed point begins.</summary>
public enum DocumentStart
{
    /// <summary>From γ = α + N/K every time. Finds the best topics early on, but the bound may fall between passes: no guarantee.</summary>
    Cold,

    /// <summary>From the γ of the pass before (cold the first time). Never falls.</summary>
    Warm,

    /// <summary>From both, and the higher bound is kept. Never falls.</summary>
    Guarded,
}

/// <summary>When the fixed point of one document ends.</summary>
public sealed record DocumentOptions
{
    /// <summary>Stop when the mean over topics of |Δγ| is at most this, in expected tokens; > 0.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The most updates of γ for one document and start, ≥ 1.</summary>
    public int MaximumUpdates { get; init; } = 20;

    internal void Validate()
    {
        if (!(Tolerance > 0)) throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The document tolerance must be above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumUpdates, 1);
    }
}

/// <summary>
/// LDA's E-step by mean field: for each document q(ϑ, z) = Dir(ϑ|γ) Π Cat(z_n|φ_n), updated to a fixed point of
/// φ_nk ∝ exp(E[log β_k,w_n] + Ψ(γ_k)), γ_k = α_k + Σ_n φ_nk (Blei, Ng, Jordan 2003, eq. 6 and 7; all φ, then γ).
/// </summary>
/// <param name="start">Where documents begin.</param>
/// <param name="options">When they end.</param>
/// <param name="profile">The vector instructions to use; null takes the machine's (<see cref="KernelProfiles.Current"/>).</param>
public sealed class LdaEStep(DocumentStart start = DocumentStart.Cold, DocumentOptions? options = null, KernelProfile? profile = null)
    : IEStep<DocumentBatch, LdaParameters, LdaStatistics>
{
    readonly KernelProfile _profile = profile ?? KernelProfiles.Current;
    readonly LdaTables _tables = new();

    /// <summary>Where documents begin.</summary>
    public DocumentStart Start => start;

    /// <summary>When they end.</summary>
    public DocumentOptions Options { get; } = Validated(options ?? new DocumentOptions());

    /// <inheritdoc/>
    public Guarantee Guarantee => start == DocumentStart.Cold ? Guarantee.None : Guarantee.Bound;

    /// <inheritdoc/>
    /// <remarks>The five lines of Blei, Ng, Jordan 2003, eq. 15, in nats.</remarks>
    public IReadOnlyList<string> TermNames { get; } =
        ["E[log p(ϑ|α)]", "E[log p(z|ϑ)]", "E[log p(w|z,β)]", "H(q(ϑ))", "H(q(z))"];

    /// <inheritdoc/>
    public IEStepKernel<DocumentBatch, LdaStatistics> Prepare(LdaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return KernelProfiles.Run(_profile, new Preparation(parameters, _tables, start, Options));
    }

    readonly struct Preparation(LdaParameters parameters, LdaTables tables, DocumentStart start, DocumentOptions options)
        : ILanesVisitor<IEStepKernel<DocumentBatch, LdaStatistics>>
    {
        public IEStepKernel<DocumentBatch, LdaStatistics> Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            tables.Fill<TLanes>(parameters);
            return new LdaKernel<TLanes>(parameters, tables, start, options);
        }
    }

    static DocumentOptions Validated(DocumentOptions options)
    {
        options.Validate();
        return options;
    }
}
