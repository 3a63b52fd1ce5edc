using System.Text.Json;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>The arguments of <c>pyLDAvis.prepare</c> (and LDAvis's <c>createJSON</c>) as JSON, written document by document. Terms that the corpus lacks are left out: their lift would be infinite.</summary>
static class LdavisFile
{
    public static void Write(Stream stream, TopicModel model, Corpus corpus, int threads, CancellationToken cancellationToken)
    {
        (long[] frequencies, long[] lengths) = Count(model, corpus);
        int[] terms = [.. Enumerable.Range(0, frequencies.Length).Where(term => frequencies[term] > 0)];
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("topic_term_dists");
        foreach (Topic topic in model.Topics)
        {
            double sum = terms.Sum(topic.Probability);
            WriteRow(json, terms.Select(term => sum > 0 ? topic.Probability(term) / sum : 1.0 / terms.Length));
        }
        json.WriteEndArray();
        json.WriteStartArray("doc_topic_dists");
        foreach (DocumentTopics document in model.Infer(corpus, threads))
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteRow(json, document.Proportions);
        }
        json.WriteEndArray();
        json.WriteStartArray("doc_lengths");
        foreach (long length in lengths) json.WriteNumberValue(length);
        json.WriteEndArray();
        json.WriteStartArray("vocab");
        foreach (int term in terms) json.WriteStringValue(model.Vocabulary[term]);
        json.WriteEndArray();
        json.WriteStartArray("term_frequency");
        foreach (int term in terms) json.WriteNumberValue(frequencies[term]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>How often each term of the model occurs, and how many such tokens each document has.</summary>
    static (long[] Frequencies, long[] Lengths) Count(TopicModel model, Corpus corpus)
    {
        int[] known = [.. corpus.Vocabulary.Select(model.Vocabulary.IndexOf)];
        long[] frequencies = new long[model.Vocabulary.Count], lengths = new long[corpus.DocumentCount];
        for (int document = 0; document < lengths.Length; document++)
        {
            ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
            for (int i = 0; i < terms.Length; i++)
            {
                if (known[terms[i]] < 0) continue;
                frequencies[known[terms[i]]] += counts[i];
                lengths[document] += counts[i];
            }
        }
        return (frequencies, lengths);
    }

    static void WriteRow(Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (double value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
        // What was written goes to the disk; the whole is never in memory.
        json.Flush();
    }
}
