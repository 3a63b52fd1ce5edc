using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo label MODEL 3=markets 7="space flight"</c></summary>
static class LabelCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        var labels = new Argument<string[]>("LABELS") { Description = "Topics and what they are called: 3=markets 7=\"space flight\".", Arity = ArgumentArity.ZeroOrMore };
        Option<int[]> clear = new("--clear") { Description = "A topic that is to have no label any more. May be given again.", HelpName = "topic" };
        Option<string?> file = OptionOf.Path("--file", "json", "A file with labels, as a report exports them: {\"3\": \"markets\"}. Labels of the command line go before its own.");
        Option<string?> output = OptionOf.Path("--output", "file", "Where to write the labelled model; by default in place of the model.", "-o");
        var command = new Verb("label", "Give topics names, which are kept in the model and shown wherever its topics are.")
        {
            Examples = ["elbo label model.elbo 3=markets 7=\"space flight\"", "elbo label model.elbo --file labels.json -o labelled.elbo", "elbo label model.elbo --clear 3"],
        };
        command.Add(model);
        command.Add(labels);
        foreach (Option option in (ReadOnlySpan<Option>)[clear, file, output]) command.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(model), target = parsed.GetValue(output) ?? path;
            int[] cleared = parsed.GetValue(clear) ?? [];
            Dictionary<int, string> given = Parse(parsed.GetValue(labels) ?? []);
            Dictionary<int, string> changes = parsed.GetValue(file) is { } json ? Read(json) : [];
            foreach ((int topic, string label) in given) changes[topic] = label;
            if (changes.Count == 0 && cleared.Length == 0) throw new UsageException("there is nothing to change: give labels (3=markets), --file or --clear.");
            if (cleared.FirstOrDefault(given.ContainsKey, -1) is >= 0 and var both) throw new UsageException($"topic {both} is given a label and cleared.");
            OutputPath.Check([], target);

            TopicModel loaded = TopicModelFile.Load(path);
            var all = loaded.Record.Labels.ToDictionary();
            foreach ((int topic, string label) in changes) all[topic] = label;
            foreach (int topic in cleared)
            {
                if ((uint)topic >= (uint)loaded.Topics.Count) throw new ArgumentException($"There is no topic {topic} to clear: the model has topics 0 to {loaded.Topics.Count - 1}.");
                all.Remove(topic);
            }
            TopicModelFile.Save(loaded.WithLabels(all), target);
            new Reporter(host).Say($"{target}: {Numbers.Plural(all.Count, "label")}");
            return ExitCode.Success;
        });
        return command;
    }

    static Dictionary<int, string> Parse(string[] pairs)
    {
        var labels = new Dictionary<int, string>();
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !TryTopic(pair[..equals], out int topic)) throw new UsageException($"a label is given as a topic's number and a name, such as 3=markets, not '{pair}'.");
            if (!labels.TryAdd(topic, pair[(equals + 1)..])) throw new UsageException($"topic {topic} is given two labels.");
        }
        return labels;
    }

    static Dictionary<int, string> Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(json.RootElement, path);
        }
        // Half a character in a string is found only when it is read.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is no JSON: {error.Message}", error);
        }
    }

    static Dictionary<int, string> Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"'{path}' must hold one object with labels by topic, such as {{\"3\": \"markets\"}}.");
        var labels = new Dictionary<int, string>();
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!TryTopic(property.Name, out int topic)) throw new InvalidDataException($"'{path}' has a label for '{property.Name}', which is no topic's number.");
            if (property.Value.ValueKind != JsonValueKind.String) throw new InvalidDataException($"'{path}': the label of topic {topic} must be a string.");
            if (!labels.TryAdd(topic, property.Value.GetString()!)) throw new InvalidDataException($"'{path}' has two labels for topic {topic}.");
        }
        return labels;
    }

    static bool TryTopic(string text, out int topic) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out topic);
}
