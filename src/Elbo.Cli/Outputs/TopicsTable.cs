using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Topics;
using Spectre.Console;
using Cell = Spectre.Console.Text;

namespace Elbo.Cli.Outputs;

/// <summary>The topics of a model with their most probable terms.</summary>
static class TopicsTable
{
    const int OverviewTopics = 40, OverviewTerms = 10;

    /// <summary>The topics at the end of a fit: of many the largest.</summary>
    public static void WriteOverview(TopicModel model, Reporter reporter)
    {
        HashSet<int> largest = [.. model.Topics.OrderByDescending(topic => topic.Prevalence).ThenBy(topic => topic.Id).Take(OverviewTopics).Select(topic => topic.Id)];
        Write([.. model.Topics.Where(topic => largest.Contains(topic.Id))], OverviewTerms, reporter);
        if (largest.Count < model.Topics.Count) reporter.Say($"the {OverviewTopics} largest of {Numbers.Count(model.Topics.Count)} topics; 'elbo topics' shows all");
    }

    public static void Write(IReadOnlyList<Topic> topics, int terms, Reporter reporter)
    {
        if (reporter.Quiet) return;
        int labels = topics.Max(topic => topic.Label?.Length ?? 0);
        if (reporter.Rich)
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumn(new TableColumn("topic") { Alignment = Justify.Right });
            table.AddColumn(new TableColumn("share") { Alignment = Justify.Right });
            if (labels > 0) table.AddColumn("label");
            table.AddColumn("terms");
            foreach (Topic topic in topics)
                table.AddRow([new Cell($"{topic.Id}"), new Cell(Numbers.Share(topic.Prevalence)), .. labels > 0 ? [new Cell(topic.Label ?? "")] : Array.Empty<Cell>(), new Cell(Terms(topic, terms))]);
            reporter.Console.Write(table);
            return;
        }
        int width = labels > 0 ? Math.Max(labels, "label".Length) : 0;
        reporter.Say($"topic   share  {Label("label")}terms");
        foreach (Topic topic in topics) reporter.Say($"{topic.Id,5}  {Numbers.Share(topic.Prevalence),6}  {Label(topic.Label)}{Terms(topic, terms)}");

        string Label(string? label) => width > 0 ? (label ?? "").PadRight(width + 2) : "";
    }

    public static void Write(TopicModel model, int terms, Utf8JsonWriter json)
    {
        json.WriteStartArray("topics");
        foreach (Topic topic in model.Topics)
        {
            json.WriteStartObject();
            json.WriteNumber("id", topic.Id);
            json.WriteString("label", topic.Label);
            json.WriteNumber("share", topic.Prevalence);
            json.WriteNumber("alpha", model.Parameters.Alpha[topic.Id]);
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

    static string Terms(Topic topic, int terms) => string.Join(' ', topic.TopTerms(terms).Select(term => term.Term));
}
