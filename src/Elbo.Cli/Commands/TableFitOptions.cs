using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>The options of a fit of a mixture or a hidden Markov model; every default comes from <see cref="FitOptions"/>.</summary>
sealed class TableFitOptions
{
    public const string Gaussian = "gaussian", StudentT = "student-t", Regression = "regression";

    static readonly FitOptions Defaults = new();
    static readonly OnlineOptions OnlineDefaults = new();

    /// <summary>Families whose columns are categories: every column, or columns of text.</summary>
    static readonly Dictionary<string, CategoryReading> CategoryFamilies = new() { ["categorical"] = CategoryReading.All, ["bernoulli"] = CategoryReading.Text };

    /// <summary>Which families know an option, and whether it was given.</summary>
    readonly List<(Option Option, string[] Families)> _particular = [];

    readonly Option<double?> _floor = OptionOf.Value("--floor", "number", "The least variance of a component: for exponential its least mean, for gamma the inverse of the largest shape. By default 1e-6 of the variance of each column, of the response or of the mean.", "a number above 0",
        (string text, out double value) => OptionOf.Finite(text, out value) && value > 0);
    readonly Option<bool> _prior = OptionOf.Flag("--prior", "Fit by maximum a posteriori with the family's usual prior, scaled by the data.");
    readonly Option<double?> _degreesOfFreedom = OptionOf.Value("--degrees-of-freedom", "number", "Hold the degrees of freedom of a Student-t at this value; by default they are estimated.", "a number above 0",
        (string text, out double value) => OptionOf.Finite(text, out value) && value > 0);
    readonly Option<bool> _noise = OptionOf.Flag("--noise", "Let the last component be uniform noise over the box of the data.");
    readonly Option<int> _emissionComponents = OptionOf.Integer("--emission-components", "n", "Let every component be itself a mixture of so many.", 1, Defaults.Family.EmissionComponents);
    readonly Option<double?> _weightConcentration = OptionOf.Value("--weight-concentration", "number", "a of a symmetric Dirichlet prior on weights, or on initial probabilities and rows of transitions; by default none.",
        "a number of 1 or more", (string text, out double value) => OptionOf.Finite(text, out value) && value >= 1);
    readonly Option<bool> _leftToRight = OptionOf.Flag("--left-to-right", "Let a state only stay or go on to the next.");
    readonly Option<ulong> _seed = CommonOptions.Seed();
    readonly Choice<StartMethod> _start = new("--start", "How components are first guessed.", Defaults.Start, ("kmeans", StartMethod.KMeans), ("random", StartMethod.Random), ("hierarchical", StartMethod.Hierarchical));
    readonly Option<int> _restarts = OptionOf.Integer("--restarts", "n", "How many starts to run; the best sound fit is kept.", 1, Defaults.Restarts);
    readonly Option<int?> _shortIterations = OptionOf.Integer("--short-iterations", "n", "Run every start only so many iterations, and only the best to its end.", 1);
    readonly Option<int?> _onlinePasses = OptionOf.Integer("--online-passes", "n", "Begin every start with so many passes of online EM, a step after each batch of rows; EM goes on from there.", 1);
    readonly Option<int?> _batchSize = OptionOf.Integer("--batch-size", "n", $"How many rows make a batch of online EM; by default {OnlineDefaults.BatchSize}. Sequences stay whole.", 1);
    readonly Option<double?> _forgetting = OptionOf.Value("--forgetting", "number", $"κ of online EM, whose step after t batches is (t + 1)^−κ; by default {OnlineDefaults.Forgetting.ToString(CultureInfo.InvariantCulture)}.", "a number above 0.5 and up to 1",
        (string text, out double value) => OptionOf.Finite(text, out value) && value is > 0.5 and <= 1);
    readonly Option<int> _maximumIterations = OptionOf.Integer("--max-iterations", "n", "The most iterations from each start.", 0, Defaults.MaximumIterations);
    readonly Option<double?> _tolerance = OptionOf.Value("--tolerance", "number", "Stop when the objective changes by no more than this times its scale; 0 never stops for that. By default 1e-8.", "a number of 0 or more",
        (string text, out double value) => OptionOf.Finite(text, out value) && value >= 0);
    readonly Option<string?> _stop = new("--stop")
    {
        Description = "Stop by another rule: relative:1e-8 (change of the objective), parameters:1e-6 (length of an EM step), aitken:1e-8 (what is left to climb), joined by 'and', 'or' and brackets.",
        HelpName = "rule",
    };
    readonly Choice<Acceleration> _acceleration = new("--acceleration", "Extrapolate; what is proposed is kept only where it is no worse.", Defaults.Acceleration,
        ("none", Acceleration.None), ("squarem", Acceleration.Squarem), ("anderson", Acceleration.Anderson));
    readonly Option<bool> _allowDecrease = OptionOf.Flag("--allow-temporary-decrease", "Let an accelerated fit lower the objective for a while; the trace says where.");
    readonly Option<bool> _hard = OptionOf.Flag("--hard", "Assign every row to one component (classification EM, Viterbi training).");
    readonly Choice<DegeneracyChoice> _degeneracy = new("--degeneracy", "What becomes of a component without spread or rows: hold it at the floor and flag it, use a prior, restart, or drop it.", DegeneracyChoice.Floor,
        ("floor", DegeneracyChoice.Floor), ("prior", DegeneracyChoice.Prior), ("restart", DegeneracyChoice.Restart), ("drop", DegeneracyChoice.Drop));
    readonly Option<TimeSpan?> _timeLimit = CommonOptions.TimeLimit();
    readonly Option<int> _threads = CommonOptions.Threads();

    public TableFitOptions(Command command, bool hasChain)
    {
        Option[] all =
        [
            _seed, _start.Option, _restarts, _shortIterations, _onlinePasses, _batchSize, _forgetting, _maximumIterations, _tolerance, _stop, _acceleration.Option, _allowDecrease, _hard, _degeneracy.Option,
            _floor, _prior, _degreesOfFreedom, _noise, _emissionComponents, _weightConcentration, .. hasChain ? [_leftToRight] : Array.Empty<Option>(), _timeLimit, _threads,
        ];
        foreach (Option option in all) command.Add(option);
        _particular.Add((_degreesOfFreedom, [StudentT]));
    }

    enum DegeneracyChoice
    {
        Floor,
        Prior,
        Restart,
        Drop,
    }

    public static Option<int> Components() => OptionOf.Integer("--components", "K", "How many components.", 1, Defaults.Components, "-k");

    public static Choice<string> Family() => new("--family", $"What a component is: {string.Join(", ", FamilyCatalog.Names)}.", UsualFamily,
        [.. FamilyCatalog.Names.Select(name => (name, name))]);

    public static Choice<string> Covariance() => new("--covariance", "The covariance of a Gaussian (tied: one for all components).", Defaults.Family.Covariance, [.. Covariances.Select(name => (name, name))]);

    public static string UsualFamily => FamilyCatalog.Names.Contains(Defaults.Family.Name) ? Defaults.Family.Name : FamilyCatalog.Names[0];

    public static IReadOnlyList<string> Covariances { get; } = ["full", "diagonal", "spherical", "tied"];

    public static CategoryReading CategoriesOf(string family) => CategoryFamilies.GetValueOrDefault(family);

    /// <summary>Everything but the number of components and the family's name and covariance.</summary>
    public FitOptions Read(ParseResult parsed, LatentStructure structure)
    {
        if (parsed.GetValue(_stop) is not null && parsed.GetValue(_tolerance) is not null) throw new UsageException("--tolerance and --stop are two rules to stop by. Join them: --stop \"relative:1e-8 or …\".");
        if (parsed.GetValue(_allowDecrease) && _acceleration.Read(parsed) == Acceleration.None) throw new UsageException("--allow-temporary-decrease needs an --acceleration; EM itself never lowers the objective.");
        if (parsed.GetValue(_hard) && _acceleration.Read(parsed) != Acceleration.None) throw new UsageException("--hard cannot be accelerated: its objective has steps.");
        DegeneracyChoice degeneracy = _degeneracy.Read(parsed);
        return new FitOptions
        {
            Structure = structure,
            Family = new FamilyOptions
            {
                Floor = parsed.GetValue(_floor),
                Prior = parsed.GetValue(_prior) || degeneracy == DegeneracyChoice.Prior,
                DegreesOfFreedom = parsed.GetValue(_degreesOfFreedom),
                Noise = parsed.GetValue(_noise),
                EmissionComponents = parsed.GetValue(_emissionComponents),
            },
            Seed = parsed.GetValue(_seed),
            Start = _start.Read(parsed),
            Restarts = parsed.GetValue(_restarts),
            ShortIterations = parsed.GetValue(_shortIterations),
            Online = ReadOnline(parsed),
            MaximumIterations = parsed.GetValue(_maximumIterations),
            Stop = ReadStop(parsed),
            Acceleration = _acceleration.Read(parsed),
            AllowTemporaryDecrease = parsed.GetValue(_allowDecrease),
            Hard = parsed.GetValue(_hard),
            Degeneracy = degeneracy switch { DegeneracyChoice.Restart => DegeneracyPolicy.Restart, DegeneracyChoice.Drop => DegeneracyPolicy.Drop, _ => DegeneracyPolicy.Floor },
            WeightConcentration = parsed.GetValue(_weightConcentration),
            LeftToRight = structure == LatentStructure.HiddenMarkov && parsed.GetValue(_leftToRight),
            TimeLimit = parsed.GetValue(_timeLimit),
            Threads = parsed.GetValue(_threads),
        };
    }

    /// <summary>Refuses options that the family would leave alone.</summary>
    public void Refuse(ParseResult parsed, string family, Option? covariance = null)
    {
        IEnumerable<(Option Option, string[] Families)> particular = covariance is null ? _particular : [.. _particular, (covariance, [Gaussian])];
        foreach ((Option option, string[] families) in particular)
            if (!families.Contains(family) && parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} is for the family {string.Join(" or ", families)}, and the family is {family}. Leave the option out.");
    }

    public static FitPlan PlanOf(FitOptions options, ObservationTable table) => new()
    {
        Starts = options.Restarts,
        MaximumIterations = options.MaximumIterations,
        TimeLimit = options.TimeLimit,
        TimeProvider = options.TimeProvider,
        Objective = "objective",
        Unit = ("row", table.TotalWeight),
        IsBrief = true,
    };

    OnlineOptions? ReadOnline(ParseResult parsed)
    {
        int? batchSize = parsed.GetValue(_batchSize);
        double? forgetting = parsed.GetValue(_forgetting);
        if (parsed.GetValue(_onlinePasses) is { } passes)
            return new OnlineOptions { Passes = passes, BatchSize = batchSize ?? OnlineDefaults.BatchSize, Forgetting = forgetting ?? OnlineDefaults.Forgetting };
        return batchSize is null && forgetting is null ? null : throw new UsageException($"{(batchSize is null ? _forgetting.Name : _batchSize.Name)} is about online EM. Say how often to go through the rows: --online-passes 1.");
    }

    StoppingRule ReadStop(ParseResult parsed)
    {
        if (parsed.GetValue(_tolerance) is { } tolerance) return StoppingRule.RelativeObjective(tolerance);
        if (parsed.GetValue(_stop) is not { } rule) return Defaults.Stop;
        try
        {
            return StoppingRule.Parse(rule);
        }
        catch (FormatException error)
        {
            throw new UsageException($"--stop: {error.Message}");
        }
    }
}
