using System.Globalization;

namespace Elbo.Engine;

/// <summary>Rules to stop by as text, for command lines and files.</summary>
static class StoppingRuleNotation
{
    /// <summary>Deep brackets would exhaust the stack; no rule needs them.</summary>
    const int MostBrackets = 100;

    public static string Write(string name, double tolerance) => string.Create(CultureInfo.InvariantCulture, $"{name}:{tolerance:R}");

    public static StoppingRule Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Count(c => c == '(') > MostBrackets) throw Bad(text[..MostBrackets], $"there are more than {MostBrackets} brackets");
        var words = new Queue<string>(text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        StoppingRule rule = ReadEither(words, text);
        return words.Count == 0 ? rule : throw Bad(text, $"'and', 'or' or the end was expected at '{words.Peek()}'");
    }

    static StoppingRule ReadEither(Queue<string> words, string text)
    {
        StoppingRule rule = ReadBoth(words, text);
        while (words.TryPeek(out string? word) && word == "or")
        {
            words.Dequeue();
            rule |= ReadBoth(words, text);
        }
        return rule;
    }

    static StoppingRule ReadBoth(Queue<string> words, string text)
    {
        StoppingRule rule = ReadOne(words, text);
        while (words.TryPeek(out string? word) && word == "and")
        {
            words.Dequeue();
            rule &= ReadOne(words, text);
        }
        return rule;
    }

    static StoppingRule ReadOne(Queue<string> words, string text)
    {
        if (!words.TryDequeue(out string? word)) throw Bad(text, "a rule is missing at the end");
        if (word == "(")
        {
            StoppingRule inner = ReadEither(words, text);
            return words.TryDequeue(out string? end) && end == ")" ? inner : throw Bad(text, "a closing bracket is missing");
        }
        if (word == "never") return StoppingRule.Never;
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? word : word[..colon];
        if (name is not ("relative" or "parameters" or "aitken")) throw Bad(text, $"'{word}' is none of relative, parameters and aitken");
        if (colon < 0 || !double.TryParse(word[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double tolerance) || !(tolerance >= 0 && double.IsFinite(tolerance)))
            throw Bad(text, $"'{word}' needs a tolerance of 0 or more, such as {name}:1e-8");
        return name switch { "relative" => StoppingRule.RelativeObjective(tolerance), "parameters" => StoppingRule.ParameterNorm(tolerance), _ => StoppingRule.Aitken(tolerance) };
    }

    static FormatException Bad(string text, string why) => new($"'{text}' is no rule to stop by: {why}.");
}
