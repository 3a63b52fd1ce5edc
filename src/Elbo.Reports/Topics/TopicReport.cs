using System.Globalization;
using Elbo.Corpora;
using Elbo.Files;
using Elbo.Reports.Fits;
using Elbo.Reports.Pages;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Reports.Topics;

/// <summary>What there is to see of a topic model, as one self-contained page and as tables. Immutable and thread-safe, as long as its corpus is open.</summary>
public sealed class TopicReport
{
    const int WordsOfName = 3, Positive = 5, Negative = 3;

    readonly TopicModel _model;
    readonly TopicReportOptions _options;
    readonly TopicDistances _distances;

    TopicReport(TopicModel model, TopicReportOptions options, TopicDistances distances, TopicPage page)
    {
        _model = model;
        _options = options;
        _distances = distances;
        Page = page;
    }

    /// <summary>No more characters of a text are ever shown than these: longer ones may be cut before they are given.</summary>
    public const int LongestText = DocumentEntries.MostOfOne + 1;

    /// <summary>What should be known before the topics are trusted, in plain words.</summary>
    public IReadOnlyList<string> Warnings => [.. Page.Warnings.Select(warning => warning.Message)];

    /// <summary>All tables behind the page.</summary>
    public IReadOnlyList<ReportTable> Tables => TopicTables.Of(Page, _distances);

    internal TopicPage Page { get; }

    /// <summary>Computes a report.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The documents to show it by.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a text and its tokens do not fit together.</exception>
    public static TopicReport Create(TopicModel model, TopicReportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TopicReportOptions();
        if (options.Threads < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "At least one thread is needed.");
        if (options.UnknownTokens is { } unknown && unknown.Count != options.Corpus?.DocumentCount)
            throw new ArgumentException($"There are unknown tokens of {unknown.Count} documents and {options.Corpus?.DocumentCount ?? 0} documents.", nameof(options));
        double[] termShares = TermShares(model.Record.TermCounts);
        var relevance = new Relevance(model.Parameters, termShares);
        int[][] relevant = [.. model.Topics.Select(topic => relevance.TermsOf(topic.Id))];
        cancellationToken.ThrowIfCancellationRequested();
        TopicDistances distances = TopicDistances.Of(model.Parameters, options.Threads, cancellationToken);
        int[] terms = TermChoice.Of(termShares, relevant);
        DocumentSurvey? survey = options.Corpus is null ? null : DocumentSurvey.Run(model, options.Corpus, options, cancellationToken);
        IReadOnlyList<DocumentTopics> shown = survey?.Shown() ?? [];
        var page = new TopicPage
        {
            Title = options.Title,
            Facts = TopicTrust.Facts(model),
            Settings = TopicTrust.Settings(model),
            Warnings = TopicWarnings.Of(model, distances, termShares, survey),
            Topics = Entries(model, distances, relevant, terms, survey, shown, options.Quality),
            Terms = TermChoice.Entries(model, terms, termShares),
            Documents = options.Corpus is null ? [] : new DocumentEntries(model, options.Corpus, options).Of(shown),
            DocumentCount = options.Corpus?.DocumentCount ?? model.Record.Documents,
            Trend = survey?.Trend,
            Trust = TopicTrust.Of(model, options),
        };
        return new TopicReport(model, options, distances, page);
    }

    /// <summary>Writes the page.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Pages.Page.Save(path, Page.Title, "topics.html", ["topics.js", "documents.js", "trust.js"], Page, PageJson.Default.TopicPage);

    /// <summary>The report as one picture, as SVG in UTF-8: map, words of the largest topic, topics by share, and the bound as it rose.</summary>
    public byte[] Still() => TopicStill.Draw(Page);

    /// <summary>Writes the five arrays that pyLDAvis and LDAvis take, as JSON.</summary>
    /// <exception cref="InvalidOperationException">The report has no documents.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveLdavis(string path, CancellationToken cancellationToken = default)
    {
        Corpus corpus = _options.Corpus ?? throw new InvalidOperationException("LDAvis shows topics by their documents: give the corpus.");
        AtomicFile.Write(path, stream => LdavisFile.Write(stream, _model, corpus, _options.Threads, cancellationToken));
    }

    /// <summary>p(v): the share of the training tokens of each term; zeros where there are no tokens.</summary>
    static double[] TermShares(IReadOnlyList<long> counts)
    {
        double total = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => count / total)];
    }

    static TopicEntry[] Entries(TopicModel model, TopicDistances distances, int[][] relevant, int[] terms, DocumentSurvey? survey, IReadOnlyList<DocumentTopics> shown, ModelQuality? quality)
    {
        IReadOnlyList<(double X, double Y)> map = distances.Map();
        int[] numbers = [.. shown.Select(document => document.Document)];
        return [.. model.Topics.Select(topic =>
        {
            IReadOnlyList<DocumentTopics> top = survey?.TopOf(topic.Id) ?? [];
            return new TopicEntry
            {
                Id = topic.Id,
                Label = topic.Label,
                Words = string.Join(' ', topic.TopTerms(WordsOfName).Select(term => term.Term)),
                Share = topic.Prevalence,
                Alpha = model.Parameters.Alpha[topic.Id],
                EffectiveTerms = EffectiveTerms(model.Parameters, topic.Id),
                X = map[topic.Id].X,
                Y = map[topic.Id].Y,
                Terms = [.. relevant[topic.Id].Select(term => Array.BinarySearch(terms, term))],
                Probabilities = [.. relevant[topic.Id].Select(topic.Probability)],
                Documents = [.. top.Select(document => Array.BinarySearch(numbers, document.Document))],
                Shares = [.. top.Select(document => document.Proportions[topic.Id])],
                Correlated = survey is null ? [] : Correlated(model, topic.Id, survey.Moments),
                Quality = quality is null ? [] : QualityOf(quality.Topics[topic.Id]),
            };
        })];
    }

    static Fact[] QualityOf(TopicQuality quality)
    {
        (string Name, double? Value)[] numbers =
        [
            (FitWords.NameOf(CoherenceMeasure.Npmi), quality.Npmi), (FitWords.NameOf(CoherenceMeasure.Cv), quality.Cv),
            // Where tokens have an order the two above say more.
            (FitWords.NameOf(CoherenceMeasure.UMass), quality.Npmi is null ? quality.UMass : null),
            ("exclusivity", quality.Exclusivity),
        ];
        return [.. numbers.Where(number => number.Value is { } value && double.IsFinite(value)).Select(number => new Fact(number.Name, number.Value!.Value.ToString("F3", CultureInfo.InvariantCulture).Replace('-', '−')))];
    }

    static double EffectiveTerms(LdaParameters parameters, int topic)
    {
        double entropy = 0;
        for (int term = 0; term < parameters.Terms; term++)
            if (parameters.TermProbability(topic, term) is > 0 and var probability) entropy -= probability * Math.Log(probability);
        return Math.Exp(entropy);
    }

    static CorrelatedTopic[] Correlated(TopicModel model, int topic, ShareMoments moments)
    {
        // Unused topics explain next to nothing of any document: what their shares do means nothing.
        if (TopicWarnings.IsUnused(model, topic)) return [];
        CorrelatedTopic[] others = [.. model.Topics.Where(other => other.Id != topic && !TopicWarnings.IsUnused(model, other.Id))
            .Select(other => (other.Id, Correlation: moments.Correlation(topic, other.Id))).Where(other => other.Correlation is not null)
            .Select(other => new CorrelatedTopic(other.Id, other.Correlation!.Value))];
        return [.. others.Where(other => other.Correlation > 0).OrderByDescending(other => other.Correlation).Take(Positive),
            .. others.Where(other => other.Correlation < 0).OrderBy(other => other.Correlation).Take(Negative)];
    }
}
