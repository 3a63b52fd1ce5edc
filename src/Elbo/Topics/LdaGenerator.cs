using System.Globalization;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>What was drawn by an <see cref="LdaGenerator"/>.</summary>
/// <param name="Documents">How many documents.</param>
/// <param name="EntryCount">How many pairs (document, distinct term).</param>
/// <param name="TermTokens">Tokens of each term: V values.</param>
/// <param name="TopicTokens">Tokens that each topic made: K values.</param>
public sealed record LdaDraw(int Documents, long EntryCount, IReadOnlyList<long> TermTokens, IReadOnlyList<long> TopicTokens)
{
    /// <summary>How many tokens.</summary>
    public long TokenCount { get; } = TopicTokens.Sum();
}

/// <summary>
/// Draws documents from latent Dirichlet allocation, so that the truth is known: topics β_k ~ Dir(η), and for each document proportions
/// ϑ ~ Dir(α) and tokens z ~ Cat(ϑ), w ~ Cat(β_z). Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Documents are numbered, and a number is always the same document, however many are drawn, in whatever order. Terms are named after the topic
/// that they are likeliest in, by falling probability there: t3.1, t3.2, ….
/// </remarks>
public sealed class LdaGenerator
{
    /// <summary>The first of the documents that are to be held out: no corpus has as many documents, so that none is drawn for training as well.</summary>
    public const long HeldOut = 1L << 32;

    // About as many terms carry a topic, unless η is given.
    const double TypicalTerms = 50;

    // The streams below belong to the documents.
    const ulong TopicStreams = 1UL << 63;

    // Tokens from one look at whether to stop, or word of how far it has come, to the next.
    const int TokensPerReport = 1 << 20;

    readonly AliasTable[] _topics;
    readonly AliasTable _extraLength;
    readonly int _leastExtraLength;

    /// <summary>Draws the topics.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LdaGenerator(LdaGeneratorOptions? options = null)
    {
        Options = options ?? new LdaGeneratorOptions();
        Options.Validate();
        int topics = Options.Topics, terms = Options.Terms;
        Alpha = Options.Alpha ?? 1.0 / topics;
        Eta = Options.Eta ?? TypicalTerms / terms;
        var termTopic = new double[terms * topics];
        var topic = new double[terms];
        double[] concentration = [.. Enumerable.Repeat(Eta, terms)];
        _topics = new AliasTable[topics];
        for (int k = 0; k < topics; k++)
        {
            Philox.ForStream(Options.Seed, TopicStreams + (ulong)k).NextDirichlet(concentration, topic);
            for (int term = 0; term < terms; term++) termTopic[term * topics + k] = topic[term];
            _topics[k] = new AliasTable(topic);
        }
        Parameters = new LdaParameters(termTopic, [.. Enumerable.Repeat(Alpha, topics)], null);
        Vocabulary = new Vocabulary(Names(Parameters));
        (_leastExtraLength, _extraLength) = Poisson(Options.Length - 1);
    }

    /// <summary>The model that is drawn from.</summary>
    public LdaGeneratorOptions Options { get; }

    /// <summary>α of the documents.</summary>
    public double Alpha { get; }

    /// <summary>η of the topics.</summary>
    public double Eta { get; }

    /// <summary>The terms.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The true topics, as points, and the true α.</summary>
    public LdaParameters Parameters { get; }

    /// <summary>The settings as they stand among the properties of a corpus, and of what is fitted to it.</summary>
    public IReadOnlyDictionary<string, string> Properties => new Dictionary<string, string>
    {
        ["generated.model"] = TopicModelFile.Kind,
        ["generated.seed"] = Files.Properties.Write(Options.Seed),
        ["generated.topics"] = Files.Properties.Write(Options.Topics),
        ["generated.terms"] = Files.Properties.Write(Options.Terms),
        ["generated.length"] = Files.Properties.Write(Options.Length),
        ["generated.alpha"] = Files.Properties.Write(Alpha),
        ["generated.eta"] = Files.Properties.Write(Eta),
    };

    /// <summary>Draws documents into memory.</summary>
    /// <param name="documents">How many, ≥ 0.</param>
    /// <param name="first">The number of the first, ≥ 0: 0 for a training corpus, <see cref="HeldOut"/> for documents that are not in it.</param>
    public (Corpus Corpus, LdaDraw Draw) Draw(int documents, long first = 0)
    {
        var builder = new CorpusBuilder(Vocabulary);
        foreach ((string name, string value) in Properties) builder.Properties.Add(name, value);
        (long[] terms, long[] topics) = Run(documents, first, tokens => builder.AddBag(tokens), null, CancellationToken.None);
        Corpus corpus = builder.Build();
        return (corpus, new LdaDraw(documents, corpus.EntryCount, terms, topics));
    }

    /// <summary>Draws documents straight into a corpus file, of which nothing is seen before it is whole; memory does not grow with their number.</summary>
    /// <param name="path">The corpus file.</param>
    /// <param name="documents">How many, ≥ 0.</param>
    /// <param name="first">As in <see cref="Draw"/>.</param>
    /// <param name="progress">Hears from time to time how many tokens there are.</param>
    /// <param name="cancellationToken">Ends the writing; nothing remains.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public LdaDraw Write(string path, int documents, long first = 0, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var writer = new CorpusFileWriter(path);
        (long[] terms, long[] topics) = Run(documents, first, tokens => writer.AddBag(tokens), progress, cancellationToken);
        long entries = writer.EntryCount;
        writer.Complete(Vocabulary, Properties, cancellationToken);
        return new LdaDraw(documents, entries, terms, topics);
    }

    /// <summary>The truth as a model, as if it had been fitted to what was drawn: no fit can be expected to score better on held-out documents.</summary>
    public TopicModel Truth(LdaDraw draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        // Without a token there are no shares to count; the expected ones are even.
        double total = draw.TokenCount;
        return Model(Parameters, [.. draw.TopicTokens.Select(tokens => total > 0 ? tokens / total : 1.0 / Options.Topics)], draw);
    }

    /// <summary>One topic with the probabilities that terms have over all documents, Σ_k β_kv / K: what is known without any topics, and the least that a fit should beat.</summary>
    public TopicModel Unigram(LdaDraw draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        var terms = new double[Options.Terms];
        for (int term = 0; term < terms.Length; term++)
            for (int topic = 0; topic < Options.Topics; topic++) terms[term] += Parameters.TermProbability(topic, term) / Options.Topics;
        return Model(new LdaParameters(terms, [Alpha * Options.Topics], null), [1], draw);
    }

    TopicModel Model(LdaParameters parameters, double[] prevalence, LdaDraw draw) => new(parameters, Vocabulary, new TopicModelRecord
    {
        Prevalence = prevalence,
        TermCounts = draw.TermTokens,
        Bound = double.NaN,
        StopReason = StopReason.NotFitted,
        Traces = [],
        BestStart = 0,
        Options = new LdaOptions { Topics = parameters.Topics, Seed = Options.Seed, Alpha = parameters.Alpha[0], Eta = Eta, MaximumIterations = 0 },
        KernelProfile = KernelProfiles.Current,
        Documents = draw.Documents,
        CorpusProperties = Properties,
    });

    /// <summary>Gives the tokens of each document in turn; returns how many each term and each topic has.</summary>
    (long[] Terms, long[] Topics) Run(int documents, long first, Action<ReadOnlySpan<int>> add, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(documents);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var totals = (Terms: new long[Options.Terms], Topics: new long[Options.Topics]);
        var memory = new Memory();
        long total = 0, reported = 0;
        for (int document = 0; document < documents; document++)
        {
            ReadOnlySpan<int> tokens = DrawDocument((ulong)(first + document), memory, totals.Topics);
            foreach (int term in tokens) totals.Terms[term]++;
            add(tokens);
            total += tokens.Length;
            if (total - reported < TokensPerReport) continue;
            reported = total;
            progress?.Report(total);
            cancellationToken.ThrowIfCancellationRequested();
        }
        return totals;
    }

    /// <summary>
    /// Draws a document without drawing ϑ: with ϑ integrated out, the topic of token n is that of one of the n tokens before it with a weight of 1
    /// each, or any topic with a weight of α (Pólya's urn). So a token costs the same for any K.
    /// </summary>
    ReadOnlySpan<int> DrawDocument(ulong document, Memory memory, long[] topicTokens)
    {
        var random = Philox.ForStream(Options.Seed, document);
        int length = 1 + _leastExtraLength + _extraLength.Draw(random.NextUInt64());
        (int[] tokens, ulong[] places) = memory.Of(length);
        double alpha = Alpha, sum = alpha * Options.Topics;
        // First all topics: a term's table is far away in memory, and a loop of nothing else goes many such ways at once.
        for (int n = 0; n < length; n++)
        {
            double place = random.NextDouble() * (n + sum);
            int topic = place < n ? tokens[(int)place] : Math.Min((int)((place - n) / alpha), Options.Topics - 1);
            tokens[n] = topic;
            places[n] = random.NextUInt64();
            topicTokens[topic]++;
        }
        for (int n = 0; n < length; n++) tokens[n] = _topics[tokens[n]].Draw(places[n]);
        return tokens.AsSpan(0, length);
    }

    /// <summary>What a document is drawn in; used again for the next.</summary>
    sealed class Memory
    {
        int[] _tokens = [];
        ulong[] _places = [];

        public (int[] Tokens, ulong[] Places) Of(int length)
        {
            if (_tokens.Length < length) (_tokens, _places) = (new int[length + length / 2], new ulong[length + length / 2]);
            return (_tokens, _places);
        }
    }

    /// <summary>Poisson probabilities as a table, and the value of its first place. Values further from the mean than 12 deviations do not occur.</summary>
    static (int First, AliasTable Table) Poisson(double mean)
    {
        double reach = 12 * Math.Sqrt(mean);
        int mode = (int)mean, first = (int)Math.Max(0, mean - reach), last = (int)(mean + reach + 20);
        var weights = new double[last - first + 1];
        weights[mode - first] = 1;
        for (int value = mode; value > first; value--) weights[value - 1 - first] = weights[value - first] * value / mean;
        for (int value = mode; value < last; value++) weights[value + 1 - first] = weights[value - first] * mean / (value + 1);
        return (first, new AliasTable(weights));
    }

    static string[] Names(LdaParameters parameters)
    {
        int topics = parameters.Topics;
        var best = new int[parameters.Terms];
        for (int term = 0; term < best.Length; term++)
            for (int topic = 1; topic < topics; topic++)
                if (Probability(term, topic) > Probability(term, best[term])) best[term] = topic;
        var names = new string[best.Length];
        // By falling probability in the likeliest topic, so that the numbers are ranks.
        int[] order = [.. Enumerable.Range(0, best.Length).OrderBy(term => best[term]).ThenByDescending(term => Probability(term, best[term]))];
        for (int i = 0, rank = 1; i < order.Length; i++, rank++)
        {
            if (i > 0 && best[order[i]] != best[order[i - 1]]) rank = 1;
            names[order[i]] = string.Create(CultureInfo.InvariantCulture, $"t{best[order[i]]}.{rank}");
        }
        return names;

        double Probability(int term, int topic) => parameters.TermTopic[term * topics + topic];
    }
}
