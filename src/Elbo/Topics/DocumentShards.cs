using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics;

/// <summary>A run of documents, each with a weight, and with the γ of the pass before where the E-step keeps it.</summary>
/// <param name="corpus">The documents' corpus.</param>
/// <param name="first">The first document.</param>
/// <param name="count">How many documents.</param>
public readonly ref struct DocumentBatch(Corpus corpus, int first, int count)
{
    /// <summary>The documents' corpus.</summary>
    public Corpus Corpus { get; } = corpus;

    /// <summary>The number of the first document.</summary>
    public int First { get; } = first;

    /// <summary>How many documents.</summary>
    public int Count { get; } = count;

    /// <summary>One weight ≥ 0 a document: 2 is the same as having it twice. Empty: every weight is 1.</summary>
    public ReadOnlySpan<double> Weights { get; init; }

    /// <summary>γ of every document (ϑ for <see cref="LdaMapEStep"/>), count × topics; a row of zeros where there is none yet. Empty for an E-step that keeps none, or rows to be filled by one that reports them.</summary>
    public Span<double> Gamma { get; init; }

    /// <summary>Refuses what belongs to other parameters: kernels read their tables by term without further checks.</summary>
    internal static void Check(DocumentBatch batch, LdaParameters parameters, LdaStatistics into)
    {
        if (batch.Corpus.Vocabulary.Count != parameters.Terms)
            throw new ArgumentException($"The corpus has {batch.Corpus.Vocabulary.Count} terms and the model {parameters.Terms}.", nameof(batch));
        if (into.Terms != parameters.Terms || into.Topics != parameters.Topics)
            throw new ArgumentException($"The statistics are of {into.Terms} terms and {into.Topics} topics, the model of {parameters.Terms} and {parameters.Topics}.", nameof(into));
    }
}

/// <summary>γ of every document after a pass, or its point ϑ (<see cref="LdaMapEStep"/>): the local state of warm and guarded E-steps.</summary>
/// <param name="documents">D, the number of documents.</param>
/// <param name="topics">K, the number of topics.</param>
public sealed class LdaLocalState(int documents, int topics) : ITensors<LdaLocalState>
{
    readonly double[] _gamma = new double[(long)documents * topics];

    /// <summary>D, the number of documents.</summary>
    public int Documents { get; } = documents;

    /// <summary>K, the number of topics.</summary>
    public int Topics { get; } = topics;

    /// <summary>γ, or ϑ, of a run of documents, row after row.</summary>
    public Span<double> Gamma(int first, int count) => _gamma.AsSpan(checked(first * Topics), checked(count * Topics));

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("gamma", [Documents, Topics], _gamma, TensorConstraint.Real);
    }

    /// <inheritdoc/>
    public static LdaLocalState FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] gamma = tensors.Doubles("gamma", TensorConstraint.Real, -1, -1);
        var state = new LdaLocalState(tensors.Length("gamma", 0), tensors.Length("gamma", 1));
        gamma.CopyTo(state._gamma, 0);
        return state;
    }
}

/// <summary>A corpus cut into runs of documents of about <see cref="TokensPerShard"/> tokens, by the corpus alone.</summary>
public sealed class DocumentShards : IShards<DocumentBatch>
{
    /// <summary>A shard ends with the document that reaches this many tokens.</summary>
    public const int TokensPerShard = 32_768;

    readonly Corpus _corpus;
    readonly LdaLocalState? _state;
    readonly List<int> _starts = [0];

    /// <summary>Cuts a corpus.</summary>
    /// <param name="corpus">The corpus, with at least one document.</param>
    /// <param name="state">Where γ is kept from pass to pass, or null.</param>
    public DocumentShards(Corpus corpus, LdaLocalState? state = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentOutOfRangeException.ThrowIfZero(corpus.DocumentCount);
        _corpus = corpus;
        _state = state;
        long tokens = 0, unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            foreach (int count in corpus.Counts(document)) tokens += count;
            corpus.ReleaseAfter(ref unreleased, corpus.Counts(document).Length);
            // Empty documents cost a little too, and a corpus may be full of them.
            tokens++;
            if (tokens < TokensPerShard && document + 1 < corpus.DocumentCount) continue;
            _starts.Add(document + 1);
            tokens = 0;
        }
    }

    /// <inheritdoc/>
    public int Count => _starts.Count - 1;

    /// <inheritdoc/>
    public DocumentBatch Read(int shard)
    {
        int first = _starts[shard], count = _starts[shard + 1] - first;
        return new DocumentBatch(_corpus, first, count) { Gamma = _state is null ? default : _state.Gamma(first, count) };
    }
}
