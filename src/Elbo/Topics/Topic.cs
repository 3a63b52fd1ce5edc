using Elbo.Corpora;

namespace Elbo.Topics;

/// <summary>A term with its probability in a topic.</summary>
/// <param name="Term">The term.</param>
/// <param name="Id">Its id in the vocabulary.</param>
/// <param name="Probability">E[β_kv], in [0, 1].</param>
public readonly record struct TermProbability(string Term, int Id, double Probability);

/// <summary>One topic of a fitted model. Its <see cref="Id"/> is the same everywhere.</summary>
public sealed class Topic
{
    readonly LdaParameters _parameters;
    readonly Vocabulary _vocabulary;

    internal Topic(int id, string? label, double prevalence, LdaParameters parameters, Vocabulary vocabulary)
    {
        Id = id;
        Label = label;
        Prevalence = prevalence;
        _parameters = parameters;
        _vocabulary = vocabulary;
    }

    internal Vocabulary Vocabulary => _vocabulary;

    /// <summary>The topic's number, from 0.</summary>
    public int Id { get; }

    /// <summary>What somebody called the topic (<see cref="TopicModel.WithLabels"/>); null where nobody did.</summary>
    public string? Label { get; }

    /// <summary>The share of the training tokens that the topic explains, in [0, 1].</summary>
    public double Prevalence { get; }

    /// <summary>E[β_kv]: how probable a term is in this topic.</summary>
    /// <param name="term">The term's id.</param>
    public double Probability(int term) => _parameters.TermProbability(Id, term);

    /// <summary>The most probable terms, the first first; among equals the lower id.</summary>
    /// <param name="count">How many; fewer come back where the vocabulary is smaller.</param>
    public IReadOnlyList<TermProbability> TopTerms(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var best = new PriorityQueue<int, (double, int)>();
        for (int term = 0; term < _vocabulary.Count; term++)
        {
            if (best.Count < count) best.Enqueue(term, (Probability(term), -term));
            else if (count > 0) best.EnqueueDequeue(term, (Probability(term), -term));
        }
        var terms = new TermProbability[best.Count];
        for (int i = terms.Length - 1; i >= 0; i--)
        {
            int term = best.Dequeue();
            terms[i] = new TermProbability(_vocabulary[term], term, Probability(term));
        }
        return terms;
    }

    /// <summary>The number and the most probable terms.</summary>
    public override string ToString() => $"{Id}: {string.Join(' ', TopTerms(8).Select(term => term.Term))}";
}
