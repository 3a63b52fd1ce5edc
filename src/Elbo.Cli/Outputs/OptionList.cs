using System.Globalization;
using Elbo.Topics;

namespace Elbo.Cli.Outputs;

/// <summary>The options of a fit, as the command line calls them.</summary>
static class OptionList
{
    public static IReadOnlyDictionary<string, string> Of(LdaOptions options)
    {
        var list = new Dictionary<string, string>
        {
            ["topics"] = Text(options.Topics),
            ["seed"] = Text(options.Seed),
            ["alpha"] = Text(options.Alpha),
            ["update-alpha"] = Text(options.UpdateAlpha),
            ["eta"] = options.Eta is { } eta ? Text(eta) : "none",
            ["update-eta"] = Text(options.UpdateEta),
            ["start"] = options.Start == TopicStart.SampledDocuments ? "documents" : "random",
            ["document-start"] = options.DocumentStart is { } start ? Text(start) : "default",
            ["document-tolerance"] = Text(options.Document.Tolerance),
            ["document-updates"] = Text(options.Document.MaximumUpdates),
            ["max-iterations"] = Text(options.MaximumIterations),
            ["tolerance"] = Text(options.RelativeTolerance),
            ["restarts"] = Text(options.Restarts),
        };
        if (options.TimeLimit is { } limit) list["time-limit"] = Text(limit.TotalSeconds) + "s";
        if (options.ShortIterations is { } passes) list["short-iterations"] = Text(passes);
        for (int i = 0; i < options.GuidedTopics.Count; i++)
        {
            GuidedTopic guide = options.GuidedTopics[i];
            list[$"guide {i}"] = $"{guide.Topic}:{string.Join(',', guide.Terms)} (count {Text(guide.Count)})";
        }
        return list;
    }

    static string Text<T>(T value) where T : notnull => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").ToLowerInvariant();
}
