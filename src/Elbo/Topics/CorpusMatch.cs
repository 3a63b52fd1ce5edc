using Elbo.Corpora;

namespace Elbo.Topics;

/// <summary>A corpus in the terms of a model: terms matched by name, those that the model lacks counted as unknown.</summary>
sealed class CorpusMatch
{
    readonly long[]? _unknown;

    /// <summary>Matches a corpus with a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="possibleOnly">Whether terms that have the probability 0 in every topic count as unknown: no posterior can explain them.</param>
    public CorpusMatch(TopicModel model, Corpus corpus, bool possibleOnly)
    {
        int[] map = Map(model, corpus.Vocabulary, possibleOnly);
        bool same = map.Length == model.Vocabulary.Count;
        for (int term = 0; same && term < map.Length; term++) same = map[term] == term;
        if (same)
        {
            Corpus = corpus;
            return;
        }
        _unknown = new long[corpus.DocumentCount];
        var builder = new CorpusBuilder(model.Vocabulary);
        var known = new List<(int, int)>();
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            known.Clear();
            ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
            for (int i = 0; i < terms.Length; i++)
            {
                if (map[terms[i]] >= 0) known.Add((map[terms[i]], counts[i]));
                else _unknown[document] += counts[i];
            }
            builder.Add(known);
        }
        Corpus = builder.Build();
    }

    /// <summary>A corpus over another vocabulary, terms matched by name, with the number of tokens that it does not have.</summary>
    public static (Corpus Known, long Unknown) ToVocabulary(Vocabulary vocabulary, Corpus corpus)
    {
        if (ReferenceEquals(vocabulary, corpus.Vocabulary)) return (corpus, 0);
        int[] map = [.. Enumerable.Range(0, corpus.Vocabulary.Count).Select(term => vocabulary.IndexOf(corpus.Vocabulary[term]))];
        var builder = new CorpusBuilder(vocabulary);
        long unknown = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            var known = new List<(int, int)>();
            ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
            for (int i = 0; i < terms.Length; i++)
            {
                if (map[terms[i]] >= 0) known.Add((map[terms[i]], counts[i]));
                else unknown += counts[i];
            }
            builder.Add(known);
        }
        return (builder.Build(), unknown);
    }

    /// <summary>The known tokens, over the model's vocabulary.</summary>
    public Corpus Corpus { get; }

    /// <summary>How many tokens of a document are unknown.</summary>
    public long UnknownTokens(int document) => _unknown?[document] ?? 0;

    static int[] Map(TopicModel model, Vocabulary vocabulary, bool possibleOnly)
    {
        var map = new int[vocabulary.Count];
        for (int term = 0; term < map.Length; term++)
        {
            int id = model.Vocabulary.IndexOf(vocabulary[term]);
            map[term] = id >= 0 && (!possibleOnly || IsPossible(model.Parameters, id)) ? id : -1;
        }
        return map;
    }

    static bool IsPossible(LdaParameters parameters, int term) =>
        !parameters.HasPoints || parameters.TermTopic.Slice(term * parameters.Topics, parameters.Topics).ContainsAnyExcept(0.0);
}
