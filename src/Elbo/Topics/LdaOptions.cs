using Elbo.Engine;

namespace Elbo.Topics;

/// <summary>How topics are first guessed.</summary>
public enum TopicStart
{
    /// <summary>Every λ_kv (or weight of β_kv) drawn from Gamma(100, 1/100): nearly even, with a seed of difference.</summary>
    Random,

    /// <summary>Each topic begins as the counts of five sampled documents plus 1 for every term; a guided topic as its guide plus 1.</summary>
    SampledDocuments,
}

/// <summary>How q is found: the E-steps of LDA, over the same model.</summary>
public enum TopicEStep
{
    /// <summary>Chosen from the numbers of documents, tokens and topics (<see cref="TopicEStepChoice"/>).</summary>
    Automatic,

    /// <summary>Variational EM (Blei, Ng, Jordan 2003): the ELBO of the documents is climbed.</summary>
    MeanField,

    /// <summary>
    /// Smoothed pLSA: points for the documents' proportions θ_d ∝ n_dk + α and for the topics φ_kv ∝ n_kv + η, which maximise
    /// Σ log p(w|θ,φ) + α Σ log θ + η Σ log φ; the posterior of z is exact. α and η are added counts.
    /// </summary>
    Map,

    /// <summary>CVB0 (Asuncion, Welling, Smyth, Teh 2009): θ and φ are integrated out, and each token's own count is left out of those that it is explained by. No bound of its own; the best topics.</summary>
    Collapsed,

    /// <summary>Mean field, with a step after each batch of documents (Hoffman, Blei, Bach 2010).</summary>
    OnlineMeanField,

    /// <summary><see cref="Map"/>, with a step after each batch of documents: the fastest, for corpora of any size.</summary>
    OnlineMap,
}

/// <summary>What the kernels of an E-step compute in.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "These are the names of the precisions themselves.")]
public enum Precision
{
    /// <summary>64 bits: what a guarantee of ascent needs.</summary>
    Double,

    /// <summary>32 bits: several times as fast; scores differ by less than the seed changes them. Promises no ascent.</summary>
    Single,
}

/// <summary>Terms that a topic is guided towards.</summary>
/// <param name="Topic">The topic, from 0.</param>
/// <param name="Terms">Terms of the corpus's vocabulary.</param>
public sealed record GuidedTopic(int Topic, IReadOnlyList<string> Terms)
{
    /// <summary>The pseudo-count that each term gets in the topic's prior, above 0.</summary>
    public double Count { get; init; } = 100;
}

/// <summary>How LDA is fitted. The defaults were chosen on validation splits (docs/decisions/0007-lda-defaults.md and 0011-fast-e-steps.md).</summary>
public sealed record LdaOptions
{
    /// <summary>K, the number of topics, ≥ 1.</summary>
    public int Topics { get; init; } = 20;

    /// <summary>The seed; the same seed gives the same bits. 0 is an ordinary seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How q is found.</summary>
    public TopicEStep EStep { get; init; }

    /// <summary>What the kernels compute in: null is double for <see cref="TopicEStep.MeanField"/> and <see cref="TopicEStep.Map"/>, which then ascend, and single for the others, which know no other.</summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// α at the start, above 0: the concentration of a document's topic proportions, for each topic. With <see cref="TopicEStep.Map"/> the counts that are added to a document's, 0 or more.
    /// </summary>
    public double Alpha { get; init; } = 0.1;

    /// <summary>What the M-step does with α.</summary>
    public ConcentrationUpdate UpdateAlpha { get; init; } = ConcentrationUpdate.Fixed;

    /// <summary>
    /// η at the start, above 0: the pseudo-count of every term in every topic. Null fits topics by maximum likelihood, without a prior. With <see cref="TopicEStep.Map"/> the count
    /// that is added to every term's, 0 (or null) or more.
    /// </summary>
    public double? Eta { get; init; } = 0.05;

    /// <summary>Whether the M-step estimates η.</summary>
    public bool UpdateEta { get; init; }

    /// <summary>Topics guided towards given terms.</summary>
    public IReadOnlyList<GuidedTopic> GuidedTopics { get; init; } = [];

    /// <summary>How topics are first guessed.</summary>
    public TopicStart Start { get; init; } = TopicStart.SampledDocuments;

    /// <summary>
    /// Where documents begin: null is cold first, then guarded, which finds good topics and ends with a certificate; with <see cref="TopicEStep.Map"/>, which has no guarded start, it is warm.
    /// </summary>
    public DocumentStart? DocumentStart { get; init; }

    /// <summary>When the fixed point of one document ends.</summary>
    public DocumentOptions Document { get; init; } = new();

    /// <summary>The most M-steps, ≥ 0, from each start; each goes with a pass over the corpus.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>
    /// Stop when the bound changes by no more than this times its <see cref="Iteration.Scale"/>. Online passes, unless this is 0, stop when one raises the held-out score by
    /// less than 0.002 nats per token.
    /// </summary>
    public double RelativeTolerance { get; init; } = 1e-4;

    /// <summary>CVB0 stops when a pass moves no more than this share of the tokens from one topic to another, in [0, 1).</summary>
    public double MovedTolerance { get; init; } = 0.004;

    /// <summary>
    /// The share of the documents, in [0, 0.5], that E-steps without a bound (CVB0, online) do not learn from, but are watched by; at most 500 documents, and none of
    /// fewer than 20.
    /// </summary>
    public double HeldOutShare { get; init; } = 0.02;

    /// <summary>Online E-steps take a step after about so many tokens, ≥ 1.</summary>
    public int BatchTokens { get; init; } = 25_000;

    /// <summary>κ of online steps ρ_t = (τ + t)^−κ, above 0.5 and up to 1.</summary>
    public double Forgetting { get; init; } = 0.6;

    /// <summary>τ of online steps, ≥ 1.</summary>
    public double Delay { get; init; } = 1;

    /// <summary>Stop after this time. Makes the result depend on the clock.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How many random starts to run; the one with the highest bound is kept.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Where given, every start runs only this many passes, and the best goes on to its end.</summary>
    public int? ShortIterations { get; init; }

    /// <summary>Threads for the E-step, ≥ 1. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whether topics are found by sweeps without a certificate, closed by a mean-field pass.</summary>
    internal bool IsBySweeps => Precision == Elbo.Topics.Precision.Single || EStep is TopicEStep.Collapsed or TopicEStep.OnlineMeanField or TopicEStep.OnlineMap;

    /// <summary>ρ after so many batches.</summary>
    internal double StepAfter(int batches) => Math.Pow(Delay + batches, -Forgetting);

    /// <summary>exp Ψ(η) has no value in single precision for η below about 0.0116.</summary>
    internal const double LeastEta = 0.02;

    internal void Validate()
    {
        ValidateSweeps();
        if (Topics < 1) throw new ArgumentOutOfRangeException(nameof(Topics), Topics, "The number of topics must be 1 or more.");
        if (EStep == TopicEStep.Map) ValidateMap();
        else ValidateConcentrations();
        if (UpdateEta && Eta is null) throw new ArgumentException("η cannot be estimated without a prior: give a starting η.");
        if (UpdateEta && GuidedTopics.Count > 0) throw new ArgumentException("η cannot be estimated with guided topics: leave η fixed, or guide no topic.");
        if (GuidedTopics.Count > 0 && Eta is null or 0) throw new ArgumentException("Guided topics need a prior: give an η.");
        if (Restarts < 1) throw new ArgumentOutOfRangeException(nameof(Restarts), Restarts, "At least one start is needed.");
        if (ShortIterations >= MaximumIterations) throw new ArgumentOutOfRangeException(nameof(ShortIterations), ShortIterations, "A short run must be shorter than the limit of iterations.");
        if (ShortIterations is < 1) throw new ArgumentOutOfRangeException(nameof(ShortIterations), ShortIterations, "A short run needs at least one iteration.");
        if (MaximumIterations < 0) throw new ArgumentOutOfRangeException(nameof(MaximumIterations), MaximumIterations, "The number of iterations must be 0 or more.");
        if (Threads < 1) throw new ArgumentOutOfRangeException(nameof(Threads), Threads, "At least one thread is needed.");
        Document.Validate();
    }

    void ValidateSweeps()
    {
        if (!(MovedTolerance is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(MovedTolerance), MovedTolerance, "The share of tokens that may still move must be in [0, 1).");
        if (!(HeldOutShare is >= 0 and <= 0.5)) throw new ArgumentOutOfRangeException(nameof(HeldOutShare), HeldOutShare, "The share of held-out documents must be in [0, 0.5].");
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchTokens, 1);
        if (!(Forgetting is > 0.5 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Forgetting), Forgetting, "Forgetting must be above 0.5 and at most 1.");
        if (!(Delay >= 1) || !double.IsFinite(Delay)) throw new ArgumentOutOfRangeException(nameof(Delay), Delay, "The delay must be 1 or more.");
        if (!IsBySweeps) return;
        if (Precision == Elbo.Topics.Precision.Double) throw new ArgumentException($"The E-step {EStep} has no kernels in double precision. Leave the precision away, or take MeanField or Map.");
        if (!(Alpha > 0)) throw new ArgumentException($"The E-step {EStep} in single precision needs an α above 0. Without one it is pLSA: take Map in double precision.");
        if (!(Eta >= LeastEta)) throw new ArgumentException($"The E-step {EStep} in single precision needs a prior of the topics with η of {LeastEta} or more, or terms without a count would leave its range. Take MeanField or Map in double precision, or another η.");
        if (GuidedTopics.Count > 0) throw new ArgumentException($"Guided topics go with the E-steps MeanField and Map in double precision, not with {EStep}.");
        if (ShortIterations is not null) throw new ArgumentException($"Short runs go with the E-steps MeanField and Map in double precision, not with {EStep}.");
        if (DocumentStart is not null && DocumentStart != Elbo.Topics.DocumentStart.Cold) throw new ArgumentException($"Documents of the E-step {EStep} begin cold in every pass; {DocumentStart} goes with MeanField and Map in double precision.");
    }

    void ValidateConcentrations()
    {
        if (!(Alpha > 0) || !double.IsFinite(Alpha)) throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "α must be a number above 0.");
        if (Eta is { } eta && (!(eta > 0) || !double.IsFinite(eta))) throw new ArgumentOutOfRangeException(nameof(Eta), Eta, "η must be a number above 0, or null for topics without a prior.");
    }

    void ValidateMap()
    {
        if (!(Alpha >= 0) || !double.IsFinite(Alpha)) throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "α must be a number of 0 or more: for MAP it is a count that is added.");
        if (Eta is { } eta && (!(eta >= 0) || !double.IsFinite(eta))) throw new ArgumentOutOfRangeException(nameof(Eta), Eta, "η must be a number of 0 or more, or null: for MAP it is a count that is added.");
        if (!IsBySweeps && (UpdateAlpha != ConcentrationUpdate.Fixed || UpdateEta))
            throw new ArgumentException("MAP holds α and η fixed in double precision: with points under them the objective has no maximum in α. Leave both fixed, or take single precision, which estimates them between passes.");
        if (DocumentStart is { } start) LdaMapEStep.CheckStart(start);
    }
}
