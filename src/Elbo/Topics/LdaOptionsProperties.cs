using Elbo.Files;

namespace Elbo.Topics;

/// <summary>The options of a fit as strings, for model files and checkpoints. Threads are left out: they do not enter the result.</summary>
static class LdaOptionsProperties
{
    const string NotGiven = "default";
    const string None = "none";

    static readonly LdaOptions Defaults = new();

    public static void Write(LdaOptions options, Dictionary<string, string> into)
    {
        into["topics"] = Properties.Write(options.Topics);
        into["seed"] = Properties.Write(options.Seed);
        into["e_step"] = options.EStep.ToString();
        into["precision"] = options.Precision?.ToString() ?? NotGiven;
        into["moved_tolerance"] = Properties.Write(options.MovedTolerance);
        into["held_out_share"] = Properties.Write(options.HeldOutShare);
        into["batch_tokens"] = Properties.Write(options.BatchTokens);
        into["forgetting"] = Properties.Write(options.Forgetting);
        into["delay"] = Properties.Write(options.Delay);
        into["alpha"] = Properties.Write(options.Alpha);
        into["update_alpha"] = options.UpdateAlpha.ToString();
        into["eta"] = options.Eta is { } eta ? Properties.Write(eta) : None;
        into["update_eta"] = options.UpdateEta.ToString();
        into["start"] = options.Start.ToString();
        into["document_start"] = options.DocumentStart?.ToString() ?? NotGiven;
        into["document_tolerance"] = Properties.Write(options.Document.Tolerance);
        into["document_updates"] = Properties.Write(options.Document.MaximumUpdates);
        into["maximum_iterations"] = Properties.Write(options.MaximumIterations);
        into["relative_tolerance"] = Properties.Write(options.RelativeTolerance);
        into["time_limit_seconds"] = options.TimeLimit is { } limit ? Properties.Write(limit.TotalSeconds) : None;
        into["restarts"] = Properties.Write(options.Restarts);
        into["short_iterations"] = options.ShortIterations is { } iterations ? Properties.Write(iterations) : None;
        into["guided_topics"] = Properties.Write(options.GuidedTopics.Count);
        for (int i = 0; i < options.GuidedTopics.Count; i++)
        {
            GuidedTopic guided = options.GuidedTopics[i];
            into[$"guided_topics.{i}.topic"] = Properties.Write(guided.Topic);
            into[$"guided_topics.{i}.count"] = Properties.Write(guided.Count);
            into[$"guided_topics.{i}.terms"] = string.Join('\n', guided.Terms);
        }
    }

    public static LdaOptions Read(IReadOnlyDictionary<string, string> properties)
    {
        bool Known(string name) => properties.ContainsKey(name);
        var options = new LdaOptions
        {
            Topics = Properties.ReadInt32(properties, "topics"),
            Seed = Properties.ReadUInt64(properties, "seed"),
            // Files from before there was a choice have none of these.
            EStep = Known("e_step") ? Properties.ReadEnum<TopicEStep>(properties, "e_step") : TopicEStep.MeanField,
            Precision = properties.GetValueOrDefault("precision", NotGiven) == NotGiven ? null : Properties.ReadEnum<Precision>(properties, "precision"),
            MovedTolerance = Known("moved_tolerance") ? Properties.ReadDouble(properties, "moved_tolerance") : Defaults.MovedTolerance,
            HeldOutShare = Known("held_out_share") ? Properties.ReadDouble(properties, "held_out_share") : Defaults.HeldOutShare,
            BatchTokens = Known("batch_tokens") ? Properties.ReadInt32(properties, "batch_tokens") : Defaults.BatchTokens,
            Forgetting = Known("forgetting") ? Properties.ReadDouble(properties, "forgetting") : Defaults.Forgetting,
            Delay = Known("delay") ? Properties.ReadDouble(properties, "delay") : Defaults.Delay,
            Alpha = Properties.ReadDouble(properties, "alpha"),
            UpdateAlpha = Properties.ReadEnum<ConcentrationUpdate>(properties, "update_alpha"),
            Eta = Properties.Read(properties, "eta") == None ? null : Properties.ReadDouble(properties, "eta"),
            UpdateEta = Properties.ReadBoolean(properties, "update_eta"),
            Start = Properties.ReadEnum<TopicStart>(properties, "start"),
            DocumentStart = Properties.Read(properties, "document_start") == NotGiven ? null : Properties.ReadEnum<DocumentStart>(properties, "document_start"),
            Document = new DocumentOptions
            {
                Tolerance = Properties.ReadDouble(properties, "document_tolerance"),
                MaximumUpdates = Properties.ReadInt32(properties, "document_updates"),
            },
            MaximumIterations = Properties.ReadInt32(properties, "maximum_iterations"),
            RelativeTolerance = Properties.ReadDouble(properties, "relative_tolerance"),
            TimeLimit = Properties.Read(properties, "time_limit_seconds") == None ? null : TimeSpan.FromSeconds(Properties.ReadDouble(properties, "time_limit_seconds")),
            Restarts = Properties.ReadInt32(properties, "restarts"),
            ShortIterations = Properties.Read(properties, "short_iterations") == None ? null : Properties.ReadInt32(properties, "short_iterations"),
            GuidedTopics = [.. Enumerable.Range(0, Properties.ReadInt32(properties, "guided_topics")).Select(i => new GuidedTopic(
                Properties.ReadInt32(properties, $"guided_topics.{i}.topic"),
                Properties.Read(properties, $"guided_topics.{i}.terms").Split('\n')) { Count = Properties.ReadDouble(properties, $"guided_topics.{i}.count") })],
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"The options in the metadata are not sound: {error.Message}");
        }
        return options;
    }
}
