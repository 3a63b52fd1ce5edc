using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary>The options of a fit of LDA; every default comes from <see cref="LdaOptions"/>.</summary>
sealed class LdaFitOptions
{
    static readonly LdaOptions Defaults = new();

    readonly Option<int> _topics = Topics();
    readonly Option<ulong> _seed = CommonOptions.Seed();
    readonly Choice<TopicEStep> _eStep = new("--e-step", "How the documents are explained: auto, mean-field, map, cvb0, online-map or online-mean-field. For map and online-map, α and η are counts that are added.", Defaults.EStep, [.. FitWords.TopicESteps]);
    readonly Choice<Precision?> _precision = new("--precision", "What the E-step computes in; default is double for mean-field and map, which then ascend, and single for the others.", Defaults.Precision,
        ("default", null), ("double", Precision.Double), ("single", Precision.Single));
    readonly Option<double> _alpha = OptionOf.Positive("--alpha", "α: the concentration of a document's topic proportions, for each topic.", Defaults.Alpha);
    readonly Choice<ConcentrationUpdate> _updateAlpha = new("--update-alpha", "Whether α is estimated, as one value for all topics or one for each.", Defaults.UpdateAlpha,
        ("fixed", ConcentrationUpdate.Fixed), ("symmetric", ConcentrationUpdate.Symmetric), ("asymmetric", ConcentrationUpdate.Asymmetric));
    readonly Option<EtaChoice> _eta = OptionOf.Value("--eta", "number|none",
        "η: the pseudo-count of every term in every topic; none fits the topics by maximum likelihood, without a prior.", "a number above 0, or none", TryParseEta, new EtaChoice(Defaults.Eta));
    readonly Option<bool> _updateEta = OptionOf.Flag("--update-eta", "Estimate η too.");
    readonly Option<GuidedTopic[]> _guide = new("--guide")
    {
        Description = "Guide a topic towards terms: --guide 3:price,market. May be given again.",
        HelpName = "topic:terms",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseGuides,
    };
    readonly Option<double> _guideCount = OptionOf.Positive("--guide-count", "The pseudo-count that each guided term gets.", new GuidedTopic(0, []).Count);
    readonly Choice<TopicStart> _start = new("--start", "How topics are first guessed.", Defaults.Start, ("random", TopicStart.Random), ("documents", TopicStart.SampledDocuments));
    readonly Choice<DocumentStart?> _documentStart = new("--document-start",
        "Where documents begin in each pass; default is cold until the bound falls or settles, then guarded, which never falls; with --e-step map warm.", Defaults.DocumentStart,
        ("default", null), ("cold", DocumentStart.Cold), ("warm", DocumentStart.Warm), ("guarded", DocumentStart.Guarded));
    readonly Option<double> _documentTolerance = OptionOf.Positive("--document-tolerance", "A document is done when the mean change of its γ is at most this, in tokens.", Defaults.Document.Tolerance);
    readonly Option<int> _documentUpdates = OptionOf.Integer("--document-updates", "n", "The most updates of one document in a pass.", 1, Defaults.Document.MaximumUpdates);
    readonly Option<int> _maximumIterations = OptionOf.Integer("--max-iterations", "n", "The most passes over the corpus from each start.", 0, Defaults.MaximumIterations);
    readonly Option<double> _tolerance = OptionOf.Positive("--tolerance", "Stop when the bound changes by less than this times its scale (online passes: when one raises the held-out score by less than 0.002 nats per token); 0 never stops for that.", Defaults.RelativeTolerance, zero: true);
    readonly Option<double> _movedTolerance = OptionOf.Positive("--moved-tolerance", "cvb0 stops when a pass moves no more than this share of the tokens from one topic to another.", Defaults.MovedTolerance, zero: true);
    readonly Option<double> _heldOutShare = OptionOf.Positive("--held-out-share",
        "The share of the documents that cvb0 and the online E-steps do not learn from but are watched by, up to 500 documents; 0 sets none aside.", Defaults.HeldOutShare, zero: true);
    readonly Option<int> _batchTokens = OptionOf.Integer("--batch-tokens", "n", "Online E-steps take a step after about so many tokens.", 1, Defaults.BatchTokens);
    readonly Option<double> _forgetting = OptionOf.Positive("--forgetting", "κ of the online steps (τ + t)^−κ, above 0.5 and up to 1.", Defaults.Forgetting);
    readonly Option<double> _delay = OptionOf.Positive("--delay", "τ of the online steps, 1 or more.", Defaults.Delay);
    readonly Option<TimeSpan?> _timeLimit = CommonOptions.TimeLimit();
    readonly Option<int> _restarts = OptionOf.Integer("--restarts", "n", "How many starts to run; the one with the highest bound is kept.", 1, Defaults.Restarts);
    readonly Option<int?> _shortIterations = OptionOf.Integer("--short-iterations", "n", "Run every start only so many passes, and only the best to its end.", 1);
    readonly Option<int> _threads = CommonOptions.Threads();

    readonly bool _compares;

    /// <param name="command">Gets the options.</param>
    /// <param name="compares">Whether several numbers of topics are fitted: then these, how often and for how long are no options of one fit.</param>
    public LdaFitOptions(Command command, bool compares = false)
    {
        _compares = compares;
        Option[] all =
        [
            _topics, _seed, _eStep.Option, _precision.Option, _alpha, _updateAlpha.Option, _eta, _updateEta, _guide, _guideCount, _start.Option, _documentStart.Option, _documentTolerance, _documentUpdates,
            _maximumIterations, _tolerance, _movedTolerance, _heldOutShare, _batchTokens, _forgetting, _delay, _timeLimit, _restarts, _shortIterations, _threads,
        ];
        foreach (Option option in compares ? all.Except([_topics, _timeLimit, _restarts, _shortIterations]) : all) command.Add(option);
    }

    public static Option<int> Topics() => OptionOf.Integer("--topics", "K", "How many topics.", 1, Defaults.Topics, "-k");

    public static FitPlan PlanOf(LdaOptions options, Corpus corpus) => new()
    {
        Starts = options.Restarts,
        MaximumIterations = options.MaximumIterations,
        RelativeTolerance = options.RelativeTolerance,
        TimeLimit = options.TimeLimit,
        TimeProvider = options.TimeProvider,
        Objective = options.EStep == TopicEStep.Map ? "objective" : "ELBO",
        Unit = ("token", corpus.TokenCount),
    };

    public LdaOptions Read(ParseResult parsed)
    {
        double count = parsed.GetValue(_guideCount);
        var options = new LdaOptions
        {
            Seed = parsed.GetValue(_seed),
            EStep = _eStep.Read(parsed),
            Precision = _precision.Read(parsed),
            Alpha = parsed.GetValue(_alpha),
            UpdateAlpha = _updateAlpha.Read(parsed),
            Eta = parsed.GetValue(_eta).Value,
            UpdateEta = parsed.GetValue(_updateEta),
            GuidedTopics = [.. (parsed.GetValue(_guide) ?? []).Select(guide => guide with { Count = count })],
            Start = _start.Read(parsed),
            DocumentStart = _documentStart.Read(parsed),
            Document = new DocumentOptions { Tolerance = parsed.GetValue(_documentTolerance), MaximumUpdates = parsed.GetValue(_documentUpdates) },
            MaximumIterations = parsed.GetValue(_maximumIterations),
            RelativeTolerance = parsed.GetValue(_tolerance),
            MovedTolerance = parsed.GetValue(_movedTolerance),
            HeldOutShare = parsed.GetValue(_heldOutShare),
            BatchTokens = parsed.GetValue(_batchTokens),
            Forgetting = parsed.GetValue(_forgetting),
            Delay = parsed.GetValue(_delay),
            Threads = parsed.GetValue(_threads),
        };
        return _compares ? options : options with
        {
            Topics = parsed.GetValue(_topics),
            TimeLimit = parsed.GetValue(_timeLimit),
            Restarts = parsed.GetValue(_restarts),
            ShortIterations = parsed.GetValue(_shortIterations),
        };
    }

    static bool TryParseEta(string text, out EtaChoice value)
    {
        bool number = OptionOf.Finite(text, out double eta) && eta > 0;
        value = new EtaChoice(number ? eta : null);
        return number || text.Equals(EtaChoice.None, StringComparison.OrdinalIgnoreCase);
    }

    static GuidedTopic[] ParseGuides(ArgumentResult result)
    {
        var guides = new List<GuidedTopic>();
        foreach (Token token in result.Tokens)
        {
            int colon = token.Value.IndexOf(':', StringComparison.Ordinal);
            string[] terms = token.Value[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (colon > 0 && terms.Length > 0 && int.TryParse(token.Value[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int topic))
                guides.Add(new GuidedTopic(topic, terms));
            else
                result.AddError($"--guide must be a topic's number and terms, such as 3:price,market, not '{token.Value}'.");
        }
        return [.. guides];
    }

    /// <summary>η, or null for none. A type of its own, because the library takes a parsed null for a failure.</summary>
    readonly record struct EtaChoice(double? Value)
    {
        public const string None = "none";

        public override string ToString() => Value?.ToString("R", CultureInfo.InvariantCulture) ?? None;
    }
}
