using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>Latent Dirichlet allocation fitted to a corpus: its topics, how it came about, and what it says of documents. Immutable and thread-safe.</summary>
public sealed class TopicModel
{
    /// <summary>The segment of the last record of a fit whose E-step is not mean field: one cold pass that gives the topics their ELBO.</summary>
    public const string ClosingSegment = "closing mean field";

    /// <summary>Puts a model together from its parts, as a fit or a model file gives them.</summary>
    public TopicModel(LdaParameters parameters, Vocabulary vocabulary, TopicModelRecord record)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(record);
        if (parameters.Terms != vocabulary.Count)
            throw new ArgumentException($"The topics have {parameters.Terms} terms and the vocabulary {vocabulary.Count}.", nameof(vocabulary));
        if (record.Prevalence.Count != parameters.Topics || record.TermCounts.Count != parameters.Terms)
            throw new ArgumentException("The record is of a model with other numbers of topics or terms.", nameof(record));
        TopicLabels.Check(record.Labels, parameters.Topics);
        Parameters = parameters;
        Vocabulary = vocabulary;
        Record = record;
        Topics = [.. record.Prevalence.Select((share, topic) => new Topic(topic, record.Labels.GetValueOrDefault(topic), share, parameters, vocabulary))];
    }

    /// <summary>The topics, in the order of their ids.</summary>
    public IReadOnlyList<Topic> Topics { get; }

    /// <summary>The terms.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>θ: α and the topics.</summary>
    public LdaParameters Parameters { get; }

    /// <summary>How the model was fitted.</summary>
    public TopicModelRecord Record { get; }

    /// <summary>The objective of the parameters at the end of the fit, in nats: the ELBO of the training corpus, by mean field whatever the E-step of the fit was. NaN where there was no fit.</summary>
    public double Bound => Record.Bound;

    /// <summary>The records of the start that was kept, in order; none where there was no fit.</summary>
    public IReadOnlyList<Iteration> Trace => Record.Traces.Count == 0 ? [] : Record.Traces[Record.BestStart];

    /// <summary>The passes without a certificate that went before <see cref="Trace"/>, in order; empty for E-steps that have one.</summary>
    public IReadOnlyList<TopicPass> Passes => Record.Passes.Count == 0 ? [] : Record.Passes[Record.BestStart];

    /// <summary>The same model with other names for its topics.</summary>
    /// <param name="labels">Names by topic; topics that are not among them have none.</param>
    /// <exception cref="ArgumentException">There is no such topic, or a name is blank, longer than <see cref="TopicLabels.MaximumLength"/>, or not plain text; the message names the topic.</exception>
    public TopicModel WithLabels(IReadOnlyDictionary<int, string> labels) => new(Parameters, Vocabulary, Record with { Labels = labels });

    /// <summary>Topic proportions of every document of a corpus, in order. The corpus may have another vocabulary: terms are matched by name.</summary>
    /// <remarks>Deterministic: cold from γ = α + N/K. For the training corpus the same bits as what the fit itself reported.</remarks>
    /// <param name="corpus">The documents.</param>
    /// <param name="threads">How many to work with; the result does not depend on it.</param>
    public IEnumerable<DocumentTopics> Infer(Corpus corpus, int threads = 1) => TopicInference.Run(this, corpus, threads);

    /// <summary>Topic proportions of one document given by its counts.</summary>
    /// <param name="counts">Term ids of <see cref="Vocabulary"/> with counts above 0.</param>
    /// <param name="unknownTokens">How many tokens of the document the vocabulary does not have.</param>
    public DocumentTopics Infer(IEnumerable<(int Term, int Count)> counts, long unknownTokens = 0)
    {
        var builder = new CorpusBuilder(Vocabulary);
        builder.Add(counts);
        DocumentTopics found = TopicInference.Run(this, builder.Build(), 1).First();
        return found with { Tokens = found.Tokens + unknownTokens, UnknownTokens = found.UnknownTokens + unknownTokens };
    }

    /// <summary>The held-out score by document completion; see <see cref="DocumentCompletion"/>.</summary>
    public CompletionScore Evaluate(Corpus corpus, ulong seed = 1, int threads = 1) => DocumentCompletion.Score(this, corpus, seed, threads);
}

/// <summary>How a <see cref="TopicModel"/> came about: what its file keeps besides the parameters.</summary>
public sealed record TopicModelRecord
{
    /// <summary>The share of the training tokens that each topic explains: K values that add up to 1.</summary>
    public required IReadOnlyList<double> Prevalence { get; init; }

    /// <summary>How often each term occurs in the training corpus: V values.</summary>
    public required IReadOnlyList<long> TermCounts { get; init; }

    /// <summary>The objective of the parameters, in nats; NaN where there was no fit.</summary>
    public required double Bound { get; init; }

    /// <summary>Why the fit ended; <see cref="Engine.StopReason.NotFitted"/> where the parameters are known otherwise, as those that a corpus was drawn from.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The trace of every start; none where there was no fit.</summary>
    public required IReadOnlyList<IReadOnlyList<Iteration>> Traces { get; init; }

    /// <summary>The passes without a certificate of every start, before the records of its trace; empty lists where there were none.</summary>
    public IReadOnlyList<IReadOnlyList<TopicPass>> Passes { get; init; } = [];

    /// <summary>Which start was kept, from 0.</summary>
    public required int BestStart { get; init; }

    /// <summary>The options of the fit.</summary>
    public required LdaOptions Options { get; init; }

    /// <summary>The vector instructions that the fit used.</summary>
    public required KernelProfile KernelProfile { get; init; }

    /// <summary>What topics are called, by topic; empty where nobody named one.</summary>
    public IReadOnlyDictionary<int, string> Labels { get; init; } = new Dictionary<int, string>();

    /// <summary>Documents in the training corpus.</summary>
    public required int Documents { get; init; }

    /// <summary>What was done to the training text (<see cref="Corpus.Properties"/>).</summary>
    public required IReadOnlyDictionary<string, string> CorpusProperties { get; init; }

    /// <summary>Tokens in the training corpus.</summary>
    public long Tokens => TermCounts.Sum();
}

/// <summary>What a model says of one document.</summary>
/// <param name="Document">Its number in the corpus, from 0.</param>
/// <param name="Proportions">E_q[ϑ_d] = γ_d / Σ γ_d: K values above 0 that add up to 1.</param>
/// <param name="Tokens">Its tokens, known or not.</param>
/// <param name="UnknownTokens">Tokens of terms that the model does not have or finds impossible; they say nothing of the topics.</param>
public readonly record struct DocumentTopics(int Document, double[] Proportions, long Tokens, long UnknownTokens)
{
    /// <summary><see cref="UnknownTokens"/> over <see cref="Tokens"/>; 0 for an empty document.</summary>
    public double UnknownShare => Tokens == 0 ? 0 : (double)UnknownTokens / Tokens;
}
