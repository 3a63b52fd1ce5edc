using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Elbo.Cli.Commands;

/// <summary>Makes options whose values are checked while the command line is read, with errors that name the option.</summary>
static class OptionOf
{
    // Longer lists push all descriptions of the help to the right; they belong into the description.
    const int LongestHelpName = 64;

    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option of one value, without a default.</summary>
    public static Option<T?> Value<T>(string name, string helpName, string description, string expected, TryParse<T> parse, params string[] aliases)
        where T : struct => new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse(name, result, expected, parse) is { } value ? value : null,
        };

    /// <summary>An option of one value with a default, which the help shows.</summary>
    public static Option<T> Value<T>(string name, string helpName, string description, string expected, TryParse<T> parse, T byDefault, params string[] aliases)
        where T : struct => new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => byDefault,
            CustomParser = result => Parse(name, result, expected, parse) ?? byDefault,
        };

    /// <summary>A whole number of <paramref name="least"/> or more.</summary>
    public static Option<int> Integer(string name, string helpName, string description, int least, int byDefault, params string[] aliases) =>
        Value(name, helpName, description, Expected(least), AtLeast(least), byDefault, aliases);

    /// <inheritdoc cref="Integer(string, string, string, int, int, string[])"/>
    public static Option<int?> Integer(string name, string helpName, string description, int least, params string[] aliases) =>
        Value(name, helpName, description, Expected(least), AtLeast(least), aliases);

    /// <summary>A number above 0, or from 0 on.</summary>
    public static Option<double> Positive(string name, string description, double byDefault, bool zero = false) =>
        Value(name, "number", description, zero ? "a number of 0 or more" : "a number above 0",
            (string text, out double value) => Finite(text, out value) && (value > 0 || zero && value == 0), byDefault);

    /// <summary>Whole numbers from 1 on, as ranges and lists; sorted, none twice.</summary>
    public static Option<int[]> Range(string name, string description, int most, int[] byDefault, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "range",
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var numbers = new List<int>();
            foreach (string part in result.Tokens[0].Value.Split(','))
            {
                string[] ends = part.Split("..");
                if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || first < 1 || last < first || last > most)
                {
                    result.AddError($"{name} must be numbers from 1 to {most}, such as 1..9 or 2,3,5, not '{result.Tokens[0].Value}'.");
                    return [];
                }
                numbers.AddRange(Enumerable.Range(first, last - first + 1));
            }
            return [.. numbers.Distinct().Order()];

            static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        },
    };

    /// <summary>One of a few names; small and capital letters are alike.</summary>
    public static Option<string> Name(string name, string description, string[] names, string byDefault)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', names) is { Length: <= LongestHelpName } all ? all : "name",
            DefaultValueFactory = _ => byDefault,
        };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, names);
        return option;
    }

    /// <summary>A path.</summary>
    public static Option<string?> Path(string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = helpName };

    public static Option<bool> Flag(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    public static bool Finite(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    static T? Parse<T>(string name, ArgumentResult result, string expected, TryParse<T> parse) where T : struct
    {
        string text = result.Tokens[0].Value;
        if (parse(text, out T value)) return value;
        result.AddError($"{name} must be {expected}, not '{text}'.");
        return null;
    }

    static string Expected(int least) => $"a whole number of {least} or more";

    static TryParse<int> AtLeast(int least) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least;
}

/// <summary>An option that takes one of a few names.</summary>
sealed class Choice<T>
{
    // Apart, and searched by loops: LINQ over pairs would be compiled when the tool starts, anew for every T.
    readonly string[] _names;
    readonly T[] _values;

    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="byDefault">The value where the option is not given.</param>
    /// <param name="values">Names and what they stand for.</param>
    public Choice(string name, string description, T byDefault, params (string Name, T Value)[] values)
    {
        _names = new string[values.Length];
        _values = new T[values.Length];
        for (int i = 0; i < values.Length; i++) (_names[i], _values[i]) = values[i];
        int byDefaultAt = 0;
        while (!Equals(_values[byDefaultAt], byDefault)) byDefaultAt++;
        Option = OptionOf.Name(name, description, _names, _names[byDefaultAt]);
    }

    public Option<string> Option { get; }

    public T Read(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(Option);
        int at = 0;
        while (!_names[at].Equals(name, StringComparison.OrdinalIgnoreCase)) at++;
        return _values[at];
    }
}

/// <summary>Options that several verbs have.</summary>
static class CommonOptions
{
    public static Option<bool> Json() => OptionOf.Flag("--json", "Write the result as JSON to the output, and everything for people to the error output.");

    public static Option<bool> Quiet() => OptionOf.Flag("--quiet", "Leave out progress and notes; errors, warnings and the seed stay.", "-q");

    public static Option<int> Threads() => OptionOf.Integer("--threads", "n", "How many threads to work with. The result does not depend on it.", 1, new Topics.LdaOptions().Threads);

    public static Option<ulong> Seed() => OptionOf.Value("--seed", "number", "The seed: the same seed gives the same bits. 0 is an ordinary seed.", "a whole number from 0 to 18446744073709551615",
        (string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value), new Topics.LdaOptions().Seed);

    public static Option<TimeSpan?> TimeLimit() => OptionOf.Value("--time-limit", "time", "Stop after this time (90s, 10m, 2h); the result then depends on the clock.",
        "a time above 0, such as 90s, 10m or 2h", (OptionOf.TryParse<TimeSpan>)TryParseTime);

    /// <summary>Names separated by commas.</summary>
    public static Option<string[]> Names(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];
            if (names.Contains("")) result.AddError($"{name} must be names with commas between them, not '{result.Tokens[0].Value}'.");
            return names;
        },
    };

    public static Argument<string> Model() => new("MODEL") { Description = "A model file that 'elbo fit' wrote." };

    static bool TryParseTime(string text, out TimeSpan value)
    {
        value = default;
        double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        // A bare number is seconds.
        if (!OptionOf.Finite(unit > 0 ? text[..^1] : text, out double number)) return false;
        double seconds = number * (unit > 0 ? unit : 1);
        if (seconds is not (> 0 and < 1e9)) return false;
        value = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
