using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics.Quality;

/// <summary>
/// In how many places (documents, or windows that slide over them) the terms of topics occur, and in how many each two terms of one topic do. Only the terms of the
/// topics are tracked, and only pairs within a topic: K T² numbers, whatever the corpus. Counted in whole numbers, so that threads cannot change the result.
/// </summary>
sealed class CooccurrenceCounts
{
    readonly TopicSlots _slots;
    readonly long[] _counts;

    CooccurrenceCounts(TopicSlots slots, CooccurrenceCounter[] counters)
    {
        _slots = slots;
        _counts = new long[slots.PairCount];
        foreach (CooccurrenceCounter counter in counters)
        {
            Places += counter.Places;
            for (int i = 0; i < _counts.Length; i++) _counts[i] += counter.Counts[i];
        }
    }

    /// <summary>How many documents, or windows, there are.</summary>
    public long Places { get; }

    /// <summary>K.</summary>
    public int Topics => _slots.Topics;

    /// <summary>How many terms of a topic are tracked.</summary>
    public int Terms(int topic) => _slots.Size(topic);

    /// <summary>In how many places two terms of a topic are together, given by their ranks in it; the same one twice: in how many it occurs.</summary>
    public long Together(int topic, int first, int second)
    {
        long count = _counts[_slots.Pair(topic, first, second)];
        return first == second ? count : count + _counts[_slots.Pair(topic, second, first)];
    }

    /// <summary>Counts documents.</summary>
    /// <param name="topics">Ids of each topic's terms in the corpus; below 0 for those that it does not have.</param>
    /// <param name="corpus">The documents.</param>
    /// <param name="threads">How many threads.</param>
    public static CooccurrenceCounts OfDocuments(IReadOnlyList<int[]> topics, Corpus corpus, int threads) =>
        Count(topics, corpus, threads, WindowCounting.Occurrence, (counter, document) =>
        {
            counter.Add(corpus.Terms(document));
            return corpus.Terms(document).Length;
        });

    /// <summary>Counts windows: all runs of <paramref name="window"/> tokens of a document, or the whole of one that is no longer. An empty document has none.</summary>
    public static CooccurrenceCounts OfWindows(IReadOnlyList<int[]> topics, Corpus corpus, int window, WindowCounting counting, int threads) =>
        Count(topics, corpus, threads, counting, (counter, document) =>
        {
            counter.Slide(corpus.Tokens(document), window);
            return corpus.Tokens(document).Length;
        });

    static CooccurrenceCounts Count(IReadOnlyList<int[]> topics, Corpus corpus, int threads, WindowCounting counting, Func<CooccurrenceCounter, int, int> add)
    {
        var slots = new TopicSlots(topics, corpus.Vocabulary.Count);
        if (corpus.DocumentCount == 0) return new CooccurrenceCounts(slots, []);
        var shards = new DocumentShards(corpus);
        CooccurrenceCounter[] counters = [.. Enumerable.Range(0, Math.Min(threads, shards.Count)).Select(_ => new CooccurrenceCounter(slots, counting))];
        var unreleased = new long[counters.Length];
        Crew.Run(threads, shards.Count, (worker, shard) =>
        {
            DocumentBatch batch = shards.Read(shard);
            for (int document = batch.First; document < batch.First + batch.Count; document++)
                corpus.ReleaseAfter(ref unreleased[worker], add(counters[worker], document));
        });
        return new CooccurrenceCounts(slots, counters);
    }
}

/// <summary>Where each term stands in the topics: a slot for every topic and rank.</summary>
sealed class TopicSlots
{
    readonly int[] _firstSlot, _firstPair, _firstOfTerm, _slotsOfTerms;

    public TopicSlots(IReadOnlyList<int[]> topics, int terms)
    {
        (_firstSlot, _firstPair, _firstOfTerm) = (new int[topics.Count + 1], new int[topics.Count + 1], new int[terms + 1]);
        for (int topic = 0; topic < topics.Count; topic++)
        {
            _firstSlot[topic + 1] = _firstSlot[topic] + topics[topic].Length;
            _firstPair[topic + 1] = checked(_firstPair[topic] + topics[topic].Length * topics[topic].Length);
        }
        (int Term, int Slot)[] known = [.. topics.SelectMany(ids => ids).Select((term, slot) => (term, slot)).Where(pair => pair.term >= 0).OrderBy(pair => pair.term)];
        _slotsOfTerms = [.. known.Select(pair => pair.Slot)];
        foreach ((int term, _) in known) _firstOfTerm[term + 1]++;
        for (int term = 0; term < terms; term++) _firstOfTerm[term + 1] += _firstOfTerm[term];
        TopicOf = [.. topics.SelectMany((ids, topic) => Enumerable.Repeat(topic, ids.Length))];
    }

    public int Topics => _firstSlot.Length - 1;

    public int PairCount => _firstPair[^1];

    /// <summary>The topic of every slot.</summary>
    public int[] TopicOf { get; }

    public int Size(int topic) => _firstSlot[topic + 1] - _firstSlot[topic];

    public int First(int topic) => _firstSlot[topic];

    public int Pair(int topic, int first, int second) => _firstPair[topic] + first * Size(topic) + second;

    /// <summary>The slots of a term; most have none.</summary>
    public ReadOnlySpan<int> Of(int term) => _slotsOfTerms.AsSpan(_firstOfTerm[term].._firstOfTerm[term + 1]);
}

/// <summary>Counts for one thread. A term that leaves meets all of its topics that are still there: the work grows with tokens, not with windows × pairs.</summary>
sealed class CooccurrenceCounter(TopicSlots slots, WindowCounting counting)
{
    const int Absent = -1;

    readonly int[] _since = Fill(new int[slots.TopicOf.Length]);
    readonly int[] _copies = new int[slots.TopicOf.Length];

    /// <summary>One number for each two terms of a topic: in how many places they were until the first of the two left.</summary>
    public long[] Counts { get; } = new long[slots.PairCount];

    public long Places { get; private set; }

    /// <summary>A document as one place.</summary>
    public void Add(ReadOnlySpan<int> terms)
    {
        Places++;
        foreach (int term in terms) Enter(term, 0);
        foreach (int term in terms) Leave(term, 1);
    }

    /// <summary>All windows over a document.</summary>
    public void Slide(ReadOnlySpan<int> tokens, int window)
    {
        if (tokens.IsEmpty) return;
        int width = Math.Min(window, tokens.Length), last = tokens.Length - width;
        foreach (int term in tokens[..width]) Enter(term, 0);
        for (int start = 1; start <= last; start++)
        {
            Leave(tokens[start - 1], start);
            Enter(tokens[start + width - 1], start);
        }
        foreach (int term in tokens[last..]) Leave(term, last + 1);
        Places += last + 1;
    }

    void Enter(int term, int place)
    {
        foreach (int slot in slots.Of(term))
        {
            _copies[slot]++;
            if (_since[slot] == Absent) _since[slot] = place;
        }
    }

    void Leave(int term, int place)
    {
        foreach (int slot in slots.Of(term))
        {
            int copies = --_copies[slot], since = _since[slot];
            if (since == Absent || (copies > 0 && counting == WindowCounting.Occurrence)) continue;
            int topic = slots.TopicOf[slot], first = slots.First(topic);
            ReadOnlySpan<int> others = _since.AsSpan(first, slots.Size(topic));
            Span<long> row = Counts.AsSpan(slots.Pair(topic, slot - first, 0), others.Length);
            for (int i = 0; i < others.Length; i++)
                if (others[i] != Absent) row[i] += place - Math.Max(since, others[i]);
            _since[slot] = Absent;
        }
    }

    static int[] Fill(int[] since)
    {
        Array.Fill(since, Absent);
        return since;
    }
}
