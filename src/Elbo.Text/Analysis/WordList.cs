namespace Elbo.Text;

/// <summary>The form of our word lists: words separated by white space; <c>#</c> begins a comment.</summary>
static class WordList
{
    public static IEnumerable<string> Parse(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            string words = comment < 0 ? line : line[..comment];
            foreach (string word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                yield return word;
        }
    }

    /// <summary>A list embedded in this assembly.</summary>
    public static IEnumerable<string> Embedded(string name)
    {
        using Stream stream = typeof(WordList).Assembly.GetManifestResourceStream($"Elbo.Text.Resources.{name}")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd()).ToArray();
    }
}
