using Elbo.Corpora;

namespace LdaPeers;

/// <summary>A corpus in three files: training documents, and both halves of each test document.</summary>
/// <param name="Name">What its results are called.</param>
/// <param name="Folder">Where the three files are.</param>
/// <param name="Vocabulary">The file of its terms.</param>
/// <param name="Title">What readers call it.</param>
/// <param name="Description">Where it comes from.</param>
sealed record Split(string Name, string Folder, string Vocabulary, string Title, string Description)
{
    /// <summary>What it consists of, in numbers.</summary>
    public string Count()
    {
        using Corpus train = Train, observed = Observed, heldOut = HeldOut;
        return FormattableString.Invariant($"{train.DocumentCount:N0} training documents of {train.TokenCount:N0} tokens in {train.EntryCount:N0} pairs of document and term, {train.Vocabulary.Count:N0} terms; {heldOut.DocumentCount:N0} test documents, {observed.TokenCount:N0} tokens observed and {heldOut.TokenCount:N0} held out");
    }

    public Corpus Train => Read("train.dat");

    public Corpus Observed => Read("test_observed.dat");

    public Corpus HeldOut => Read("test_heldout.dat");

    public static Split Open(string folder, string? name)
    {
        folder = Path.GetFullPath(folder);
        string vocabulary = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(vocabulary)) vocabulary = Path.Combine(Path.GetDirectoryName(folder)!, "vocab.txt");
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return new Split(name, folder, vocabulary, name, $"`{name}`, a split that was there");
    }

    Corpus Read(string file) => LdaCFormat.Read(Path.Combine(Folder, file), Vocabulary);
}
