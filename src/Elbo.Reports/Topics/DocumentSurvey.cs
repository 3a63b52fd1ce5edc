using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>What one pass over the documents tells: which to show, how topics go together, their shares over labels, what the model does not know.</summary>
sealed class DocumentSurvey
{
    /// <summary>Documents shown of every topic, and at random besides.</summary>
    public const int TopDocuments = 10, SampledDocuments = 500;

    /// <summary>Shares of fewer known tokens than this are mostly the prior, and nothing to show a topic by.</summary>
    public const int FewTokens = 10;

    readonly TopicModel _model;
    readonly Corpus _corpus;
    readonly PriorityQueue<DocumentTopics, (bool, double, long, int)>[] _top;
    readonly List<DocumentTopics> _sample = [];
    readonly int[] _present;
    readonly LabelShares? _labels;
    int _longDocuments;

    DocumentSurvey(TopicModel model, Corpus corpus)
    {
        _model = model;
        _corpus = corpus;
        _top = [.. model.Topics.Select(_ => new PriorityQueue<DocumentTopics, (bool, double, long, int)>())];
        _present = new int[model.Topics.Count];
        _labels = LabelShares.Of(corpus, model.Topics.Count);
        Moments = new ShareMoments(model.Record.Prevalence);
    }

    public static DocumentSurvey Run(TopicModel model, Corpus corpus, TopicReportOptions options, CancellationToken cancellationToken)
    {
        var survey = new DocumentSurvey(model, corpus);
        HashSet<int> sampled = Sample(corpus.DocumentCount, options.Seed);
        double alphas = 0;
        foreach (double alpha in model.Parameters.Alpha) alphas += alpha;
        double[] explained = new double[model.Topics.Count], shares = new double[model.Topics.Count];
        foreach (DocumentTopics inferred in model.Infer(corpus, options.Threads))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long beyond = options.UnknownTokens?[inferred.Document] ?? 0;
            DocumentTopics document = inferred with { Tokens = inferred.Tokens + beyond, UnknownTokens = inferred.UnknownTokens + beyond };
            if (sampled.Contains(document.Document)) survey._sample.Add(document);
            long known = document.Tokens - document.UnknownTokens;
            // γ_k − α_k: how many tokens a topic explains.
            for (int topic = 0; topic < explained.Length; topic++) explained[topic] = Math.Max(0, document.Proportions[topic] * (alphas + known) - model.Parameters.Alpha[topic]);
            if (known > 0)
                for (int topic = 0; topic < shares.Length; topic++) shares[topic] = explained[topic] / known;
            survey.Add(document, known, explained, shares);
        }
        return survey;
    }

    /// <summary>All tokens of all documents, and those of terms that the model does not have.</summary>
    public long Tokens { get; private set; }

    public long UnknownTokens { get; private set; }

    public int Documents => _corpus.DocumentCount;

    /// <summary>Documents without a known token.</summary>
    public int EmptyDocuments { get; private set; }

    public ShareMoments Moments { get; }

    public LabelTrend? Trend => _labels?.ToTrend(_model.Topics.Count);

    /// <summary>The share of the documents (but for the shortest) in which a topic is present: it explains a token or more, and at least half of what it explains of all tokens.</summary>
    public double Presence(int topic) => _longDocuments == 0 ? 0 : (double)_present[topic] / _longDocuments;

    /// <summary>The documents to show, by number: the top ones of all topics and the sample.</summary>
    public IReadOnlyList<DocumentTopics> Shown() =>
        [.. _top.SelectMany(queue => queue.UnorderedItems.Select(item => item.Element)).Concat(_sample).DistinctBy(document => document.Document).OrderBy(document => document.Document)];

    /// <summary>The documents that have most of a topic, the first first.</summary>
    public IReadOnlyList<DocumentTopics> TopOf(int topic) => [.. _top[topic].UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    void Add(DocumentTopics document, long known, ReadOnlySpan<double> explained, ReadOnlySpan<double> shares)
    {
        Tokens += document.Tokens;
        UnknownTokens += document.UnknownTokens;
        if (known == 0)
        {
            EmptyDocuments++;
            return;
        }
        Moments.Add(shares);
        _labels?.Add(_corpus.Label(document.Document), known, explained);
        bool isLong = known >= FewTokens;
        if (isLong) _longDocuments++;
        for (int topic = 0; topic < _top.Length; topic++)
        {
            if (isLong && explained[topic] >= 1 && shares[topic] >= _model.Record.Prevalence[topic] / 2) _present[topic]++;
            (bool, double, long, int) rank = (isLong, document.Proportions[topic], known, -document.Document);
            if (_top[topic].Count < TopDocuments) _top[topic].Enqueue(document, rank);
            else _top[topic].EnqueueDequeue(document, rank);
        }
    }

    /// <summary>Every set of so many documents is as likely (selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2 S).</summary>
    static HashSet<int> Sample(int documents, ulong seed)
    {
        var random = Philox.ForStream(seed, 0);
        var chosen = new HashSet<int>();
        int wanted = Math.Min(SampledDocuments, documents);
        for (int document = 0; chosen.Count < wanted; document++)
            if (random.NextInt32(documents - document) < wanted - chosen.Count) chosen.Add(document);
        return chosen;
    }
}
