using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Reports.Explain;

/// <summary>LDA on documents so short that log p(w | α, β) can be summed by brute force, beside what its approximations say. Topics are given, not learned: the gap is that of the E-step alone.</summary>
static class TinyTopics
{
    const double Alpha = 0.5;

    /// <summary>Mean field to its fixed point: what is left is not impatience.</summary>
    static readonly DocumentOptions ToTheEnd = new() { Tolerance = 1e-13, MaximumUpdates = 100_000 };

    /// <summary>Annealing as <c>elbo evaluate --gap</c> does it.</summary>
    static readonly GapOptions Annealing = new();

    static readonly string[] Names = ["sea", "music", "kitchen"];
    static readonly string[] Terms = ["bass", "scale", "boat", "wave", "drum", "chord", "salt", "oven"];

    /// <summary>β in hundredths, a row for each topic. Bass and scale are words of more than one.</summary>
    static readonly int[][] Hundredths = [[20, 12, 32, 28, 2, 1, 4, 1], [22, 20, 1, 6, 24, 25, 1, 1], [10, 16, 2, 1, 2, 1, 36, 32]];

    static readonly string[] Documents =
    [
        "bass",
        "bass scale",
        "bass scale boat",
        "boat wave boat wave",
        "drum chord bass scale salt",
        "bass bass bass scale scale scale",
        "boat wave bass drum chord scale oven salt",
        "salt oven salt scale oven salt bass oven salt salt scale oven",
    ];

    /// <summary>α and β.</summary>
    public static LdaParameters Parameters { get; } = new([.. Enumerable.Range(0, Terms.Length).SelectMany(term => Hundredths.Select(topic => topic[term] / 100.0))], [.. Names.Select(_ => Alpha)], null);

    /// <summary>Computes the figure.</summary>
    /// <param name="seed">For annealing; each document has a stream of its own.</param>
    public static TinyTopicsEntry Run(ulong seed)
    {
        Corpus corpus = Build();
        var evidence = DocumentEvidence.At(Parameters);
        return new TinyTopicsEntry(Alpha, Names, Terms, [.. Hundredths.Select(topic => Array.ConvertAll(topic, value => value / 100.0))], [.. Documents.Select((words, document) => Entry(corpus, document, words, evidence, Philox.ForStream(seed, (ulong)document)))], Annealing.Chains, Annealing.Steps);
    }

    /// <summary>The documents as a corpus.</summary>
    public static Corpus Build()
    {
        var builder = new CorpusBuilder(new Vocabulary(Terms));
        foreach (string words in Documents) builder.AddBag([.. words.Split(' ').Select(word => Array.IndexOf(Terms, word))]);
        return builder.Build();
    }

    static TinyDocumentEntry Entry(Corpus corpus, int document, string words, DocumentEvidence evidence, Philox random)
    {
        ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
        ExactDocument exact = ExactDocument.Of(Parameters, terms, counts);
        EvidenceEstimate annealed = evidence.Anneal(terms, counts, Annealing.Chains, Annealing.Steps, random);
        var gamma = new double[Parameters.Topics];
        LocalBound bound = new LdaEStep(options: ToTheEnd).Prepare(Parameters)
            .Accumulate(new DocumentBatch(corpus, document, 1) { Gamma = gamma }, new LdaStatistics(Parameters.Terms, Parameters.Topics));
        double sum = gamma.Sum();
        return new TinyDocumentEntry(words, exact.LogEvidence, bound.ExpectedLogJoint + bound.Entropy, annealed.LogEvidence, annealed.StandardError, exact.Proportions.ToArray(), [.. gamma.Select(value => value / sum)], CollapsedProportions.Of(Parameters, terms, counts));
    }
}
