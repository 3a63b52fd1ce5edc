using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Topics;
using Elbo.Topics.Quality;
using Spectre.Console;
using Cell = Spectre.Console.Text;

namespace Elbo.Cli.Outputs;

/// <summary>The topics of a model with their most probable terms, and how good they are where that is asked for.</summary>
static class TopicsTable
{
    const int OverviewTopics = 40, OverviewTerms = 10;

    /// <summary>The topics at the end of a fit: of many the largest.</summary>
    public static void WriteOverview(TopicModel model, Reporter reporter)
    {
        if (reporter.Quiet) return;
        HashSet<int> largest = [.. model.Topics.OrderByDescending(topic => topic.Prevalence).ThenBy(topic => topic.Id).Take(OverviewTopics).Select(topic => topic.Id)];
        Write([.. model.Topics.Where(topic => largest.Contains(topic.Id))], OverviewTerms, null, reporter);
        if (largest.Count < model.Topics.Count) reporter.Say($"the {OverviewTopics} largest of {Numbers.Count(model.Topics.Count)} topics; 'elbo topics' shows all");
    }

    public static void Write(IReadOnlyList<Topic> topics, int terms, ModelQuality? quality, Reporter reporter)
    {
        if (reporter.Quiet) return;
        Column[] columns = [new("topic", 5, topic => $"{topic.Id}"), new("share", 6, topic => Numbers.Share(topic.Prevalence)), .. quality is null ? [] : Columns(quality)];
        int labels = topics.Max(topic => topic.Label?.Length ?? 0);
        if (reporter.Rich)
        {
            var table = new Table { Border = TableBorder.Rounded };
            foreach (Column column in columns) table.AddColumn(new TableColumn(column.Name) { Alignment = Justify.Right });
            if (labels > 0) table.AddColumn("label");
            table.AddColumn("terms");
            foreach (Topic topic in topics)
                table.AddRow([.. columns.Select(column => new Cell(column.Of(topic))), .. labels > 0 ? [new Cell(topic.Label ?? "")] : Array.Empty<Cell>(), new Cell(Terms(topic, terms))]);
            reporter.Console.Write(table);
            return;
        }
        int width = labels > 0 ? Math.Max(labels, "label".Length) : 0;
        reporter.Say($"{string.Join("  ", columns.Select(column => column.Name.PadLeft(column.Width)))}  {Label("label")}terms");
        foreach (Topic topic in topics) reporter.Say($"{string.Join("  ", columns.Select(column => column.Of(topic).PadLeft(column.Width)))}  {Label(topic.Label)}{Terms(topic, terms)}");

        string Label(string? label) => width > 0 ? (label ?? "").PadRight(width + 2) : "";
    }

    /// <summary>What is to be said of all topics together, below the table.</summary>
    public static void Say(ModelQuality quality, Reporter reporter)
    {
        string[] means = [.. Coherences.Where(one => one.Of(quality.Topics[0]) is not null).Select(one => $"{FitWords.NameOf(one.Measure)} {Numbers.PerToken(quality.Topics.Average(one.Of)!.Value)}")];
        if (means.Length > 0) reporter.Say($"coherence on average: {string.Join(", ", means)}");
        if (means.Length == 1) reporter.Say("the documents were read from counts, whose tokens have no order: for NPMI, C_V and UCI give the text");
        reporter.Say($"exclusive on average: {Numbers.Share(quality.Topics.Average(topic => topic.Exclusivity))}; FREX {Numbers.Probability(quality.Topics.Average(topic => topic.Frex))}");
        reporter.Say($"diversity: {Numbers.Share(quality.Diversity)} of the 25 most probable terms of all topics are different ones");
        reporter.Say($"the tokens are spread over {Numbers.Short(quality.EffectiveTopics)} topics of {quality.Topics.Count} (exp of the entropy of the shares)");
        if (means.Length > 0) reporter.Say(TopicCoherence.Caution);
    }

    public static void Write(TopicModel model, int terms, ModelQuality? quality, Utf8JsonWriter json)
    {
        if (quality is not null)
        {
            WriteMeans(quality, json);
            json.WriteString("caution", TopicCoherence.Caution);
        }
        json.WriteStartArray("topics");
        foreach (Topic topic in model.Topics)
        {
            json.WriteStartObject();
            json.WriteNumber("id", topic.Id);
            json.WriteString("label", topic.Label);
            json.WriteNumber("share", topic.Prevalence);
            json.WriteNumber("alpha", model.Parameters.Alpha[topic.Id]);
            if (quality is not null) Write(quality.Topics[topic.Id], json);
            json.WriteStartArray("terms");
            foreach (TermProbability term in topic.TopTerms(terms))
            {
                json.WriteStartObject();
                json.WriteString("term", term.Term);
                json.WriteNumber("probability", term.Probability);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>What is said of a model as a whole, into an object of JSON.</summary>
    public static void WriteMeans(ModelQuality quality, Utf8JsonWriter json)
    {
        json.WriteNumber("diversity", quality.Diversity);
        json.WriteNumber("effective_topics", quality.EffectiveTopics);
        json.WriteStartObject("means");
        foreach ((CoherenceMeasure measure, Func<TopicQuality, double?> of) in Coherences) json.WriteFinite(KeyOf(measure), quality.Topics.Average(of));
        json.WriteNumber("exclusivity", quality.Topics.Average(topic => topic.Exclusivity));
        json.WriteNumber("frex", quality.Topics.Average(topic => topic.Frex));
        json.WriteNumber("effective_terms", quality.Topics.Average(topic => topic.EffectiveTerms));
        json.WriteEndObject();
    }

    /// <summary>What is said of a topic, into its object of JSON.</summary>
    public static void Write(TopicQuality quality, Utf8JsonWriter json)
    {
        foreach ((CoherenceMeasure measure, Func<TopicQuality, double?> of) in Coherences) json.WriteFinite(KeyOf(measure), of(quality));
        if (quality.UnseenTerms is { } unseen) json.WriteNumber("unseen_terms", unseen);
        json.WriteNumber("exclusivity", quality.Exclusivity);
        json.WriteNumber("frex", quality.Frex);
        json.WriteNumber("effective_terms", quality.EffectiveTerms);
        if (quality.Nearest is not { } nearest) return;
        json.WriteNumber("nearest", nearest);
        json.WriteNumber("nearest_overlap", quality.NearestOverlap);
    }

    public static string KeyOf(CoherenceMeasure measure) => FitWords.NameOf(measure).ToLowerInvariant();

    static IReadOnlyList<(CoherenceMeasure Measure, Func<TopicQuality, double?> Of)> Coherences { get; } =
    [
        (CoherenceMeasure.Npmi, topic => topic.Npmi), (CoherenceMeasure.Cv, topic => topic.Cv), (CoherenceMeasure.UMass, topic => topic.UMass), (CoherenceMeasure.Uci, topic => topic.Uci),
    ];

    static IEnumerable<Column> Columns(ModelQuality quality)
    {
        CoherenceMeasure[] shown = quality.Topics[0] switch { { Npmi: not null } => [CoherenceMeasure.Npmi, CoherenceMeasure.Cv], { UMass: not null } => [CoherenceMeasure.UMass], _ => [] };
        foreach ((CoherenceMeasure measure, Func<TopicQuality, double?> of) in Coherences.Where(one => shown.Contains(one.Measure)))
            yield return new Column(FitWords.NameOf(measure), 8, topic => Numbers.PerToken(of(quality.Topics[topic.Id])!.Value));
        yield return new Column("exclusive", 9, topic => Numbers.Share(quality.Topics[topic.Id].Exclusivity));
        yield return new Column("words", 7, topic => Numbers.Count((long)Math.Round(quality.Topics[topic.Id].EffectiveTerms)));
        yield return new Column("nearest", 12, topic => quality.Topics[topic.Id] is { Nearest: { } nearest } one ? $"{nearest} ({Numbers.Share(one.NearestOverlap)})" : "");
    }

    static string Terms(Topic topic, int terms) => string.Join(' ', topic.TopTerms(terms).Select(term => term.Term));

    sealed record Column(string Name, int Width, Func<Topic, string> Of);
}
