using System.Globalization;
using System.Text;

namespace Elbo.Topics;

/// <summary>What people call topics: a line of any script. In a model file each is a property, which files of models without labels do not have.</summary>
public static class TopicLabels
{
    /// <summary>The most UTF-16 code units of a label.</summary>
    public const int MaximumLength = 100;

    const string Prefix = "topic_label.";

    /// <exception cref="ArgumentException">A topic does not exist, or a label is none; the message names the topic.</exception>
    internal static void Check(IReadOnlyDictionary<int, string> labels, int topics)
    {
        ArgumentNullException.ThrowIfNull(labels);
        foreach ((int topic, string label) in labels)
        {
            if ((uint)topic >= (uint)topics) throw new ArgumentException($"There is no topic {topic} to label: the model has topics 0 to {topics - 1}.", nameof(labels));
            if (string.IsNullOrWhiteSpace(label)) throw new ArgumentException($"The label of topic {topic} is blank. Give it a name, or clear the label.", nameof(labels));
            if (label.Length > MaximumLength) throw new ArgumentException($"The label of topic {topic} has {label.Length} characters; {MaximumLength} are the most.", nameof(labels));
            foreach (Rune letter in label.EnumerateRunes())
            {
                if (letter == Rune.ReplacementChar || Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                    throw new ArgumentException($"The label of topic {topic} has a character that is no text (U+{letter.Value:X4}): a control character, the end of a line, or half a character.", nameof(labels));
            }
        }
    }

    internal static void Write(IReadOnlyDictionary<int, string> labels, Dictionary<string, string> properties)
    {
        foreach ((int topic, string label) in labels.OrderBy(pair => pair.Key)) properties[Prefix + Files.Properties.Write(topic)] = label;
    }

    internal static IReadOnlyDictionary<int, string> Read(IReadOnlyDictionary<string, string> properties)
    {
        var labels = new Dictionary<int, string>();
        foreach ((string name, string label) in properties)
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            if (!int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int topic) || !labels.TryAdd(topic, label))
                throw new InvalidDataException($"The metadata have '{name}', which is the label of no topic, or of one that has another.");
        }
        return labels;
    }
}
