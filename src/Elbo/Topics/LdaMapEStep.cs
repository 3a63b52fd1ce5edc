using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// LDA's E-step where the proportions of a document are a point (smoothed pLSA): ϑ_k ∝ n_k + α_k − 1 with n_k = Σ_n r_nk and the exact posterior of the topics,
/// r_nk ∝ ϑ_k β_k,w_n, in turn. It ends with r at the last ϑ, so that expected log joint plus entropy is log p(w, ϑ), which the log-evidence of the records is.
/// </summary>
/// <remarks>
/// ϑ is part of what is maximised, beside the topics: an update of ϑ with the exact r climbs log p(w | ϑ, β) + log Dir(ϑ | α) as any EM step does. So a pass that begins
/// at the ϑ of the pass before ascends (<see cref="Guarantee.Evidence"/>), however few updates it makes. One that begins elsewhere need not, where it is broken off
/// (<see cref="Guarantee.None"/>). It takes parameters that are <see cref="LdaParameters.MaximumAPosteriori"/>.
/// </remarks>
public sealed class LdaMapEStep : IEStep<DocumentBatch, LdaParameters, LdaStatistics>
{
    readonly KernelProfile _profile;
    readonly LdaTables _tables = new();

    /// <summary>Makes an E-step.</summary>
    /// <param name="start">Where documents begin: <see cref="DocumentStart.Warm"/> at the ϑ of the pass before, <see cref="DocumentStart.Cold"/> (as the first pass does) where every topic explains as many tokens.</param>
    /// <param name="options">When they end: the tolerance is of the mean over topics of |Δϑ| times the tokens and added counts of the document.</param>
    /// <param name="profile">The vector instructions to use; null takes the machine's (<see cref="KernelProfiles.Current"/>).</param>
    /// <exception cref="ArgumentException">The start is <see cref="DocumentStart.Guarded"/>.</exception>
    public LdaMapEStep(DocumentStart start = DocumentStart.Warm, DocumentOptions? options = null, KernelProfile? profile = null)
    {
        CheckStart(start);
        Start = start;
        Options = options ?? new DocumentOptions();
        Options.Validate();
        _profile = profile ?? KernelProfiles.Current;
    }

    /// <summary>Where documents begin: warm or cold.</summary>
    public DocumentStart Start { get; }

    /// <summary>When they end.</summary>
    public DocumentOptions Options { get; }

    /// <inheritdoc/>
    public Guarantee Guarantee => Start == DocumentStart.Warm ? Guarantee.Evidence : Guarantee.None;

    /// <inheritdoc/>
    public IReadOnlyList<string> TermNames { get; } = ["log p(ϑ|α)", "E[log p(z|ϑ)]", "E[log p(w|z,β)]", "H(q(z))"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameters are not <see cref="TopicEstimate.MaximumAPosteriori"/>.</exception>
    public IEStepKernel<DocumentBatch, LdaStatistics> Prepare(LdaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Estimate != TopicEstimate.MaximumAPosteriori)
            throw new ArgumentException($"The MAP E-step takes topics of {nameof(TopicEstimate.MaximumAPosteriori)}, not of {parameters.Estimate}, whose α means another prior.", nameof(parameters));
        return KernelProfiles.Run(_profile, new Preparation(parameters, _tables, Start == DocumentStart.Warm, Options));
    }

    /// <summary>Refuses a start that MAP does not have.</summary>
    internal static void CheckStart(DocumentStart start)
    {
        if (start == DocumentStart.Guarded)
            throw new ArgumentException("The document start Guarded is for mean field. With the topics fixed, the MAP objective has one maximum for a document, so that a second start finds no other: take Warm, or Cold.", nameof(start));
    }

    readonly struct Preparation(LdaParameters parameters, LdaTables tables, bool isWarm, DocumentOptions options)
        : ILanesVisitor<IEStepKernel<DocumentBatch, LdaStatistics>>
    {
        public IEStepKernel<DocumentBatch, LdaStatistics> Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            tables.Fill<TLanes>(parameters);
            return new LdaMapKernel<TLanes>(parameters, tables, isWarm, options);
        }
    }
}
