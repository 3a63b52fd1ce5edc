using System.Globalization;
using Elbo.Fitting;
using Elbo.Topics;

namespace Elbo.Reports.Fits;

/// <summary>The options of a fit, as the command line calls them.</summary>
static class OptionList
{
    public static IReadOnlyDictionary<string, string> Of(LdaOptions options)
    {
        var list = new Dictionary<string, string>
        {
            ["topics"] = Text(options.Topics),
            ["seed"] = Text(options.Seed),
            ["e-step"] = FitWords.NameOf(options.EStep),
            ["precision"] = options.Precision is { } precision ? Text(precision) : "default",
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
            ["moved-tolerance"] = Text(options.MovedTolerance),
            ["held-out-share"] = Text(options.HeldOutShare),
            ["batch-tokens"] = Text(options.BatchTokens),
            ["forgetting"] = Text(options.Forgetting),
            ["delay"] = Text(options.Delay),
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

    public static IReadOnlyDictionary<string, string> Of(FitOptions options)
    {
        var list = new Dictionary<string, string>
        {
            ["components"] = Text(options.Components),
            ["family"] = options.Family.Name,
            ["seed"] = Text(options.Seed),
            ["start"] = Text(options.Start),
            ["restarts"] = Text(options.Restarts),
            ["max-iterations"] = Text(options.MaximumIterations),
            ["stop"] = options.Stop.ToNotation(),
            ["acceleration"] = Text(options.Acceleration),
            ["degeneracy"] = Text(options.Degeneracy),
        };
        Given("covariance", options.Family.Name == "gaussian", options.Family.Covariance);
        Given("prior", options.Family.Prior, true);
        Given("floor", options.Family.Floor is not null, options.Family.Floor);
        Given("degrees-of-freedom", options.Family.DegreesOfFreedom is not null, options.Family.DegreesOfFreedom);
        Given("noise", options.Family.Noise, true);
        Given("emission-components", options.Family.EmissionComponents > 1, options.Family.EmissionComponents);
        Given("weight-concentration", options.WeightConcentration is not null, options.WeightConcentration);
        Given("left-to-right", options.LeftToRight, true);
        Given("allow-temporary-decrease", options.AllowTemporaryDecrease, true);
        Given("hard", options.Hard, true);
        Given("short-iterations", options.ShortIterations is not null, options.ShortIterations);
        Given("online-passes", options.Online is not null, options.Online?.Passes);
        Given("batch-size", options.Online is not null, options.Online?.BatchSize);
        Given("forgetting", options.Online is not null, options.Online?.Forgetting);
        Given("time-limit", options.TimeLimit is not null, options.TimeLimit?.TotalSeconds + "s");
        return list;

        void Given(string name, bool isGiven, object? value)
        {
            if (isGiven && value is not null) list[name] = Text(value);
        }
    }

    static string Text<T>(T value) where T : notnull => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").ToLowerInvariant();
}
