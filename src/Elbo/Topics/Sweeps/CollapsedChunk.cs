using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>The local state of CVB0 for a run of documents.</summary>
sealed unsafe class CollapsedChunk(ArraySegment<int> documents)
{
    readonly AlignedBuffer<int> _topics = new();
    readonly AlignedBuffer<float> _expected = new();
    readonly AlignedBuffer<float> _before = new();
    readonly AlignedBuffer<ushort> _responsibilities = new();
    readonly CollapsedDocument[] _documents = new CollapsedDocument[documents.Count];

    public int Count => documents.Count;

    /// <summary>A document's number in the corpus.</summary>
    public int Document(int i) => documents[i];

    public ref CollapsedDocument this[int i] => ref _documents[i];

    /// <summary>The active topics of a document, for gathering.</summary>
    public int* Topics(int i) => _topics.Pointer + _documents[i].Topics;

    /// <summary>n_dk of its active topics; below 0 for one that has been given up.</summary>
    public float* Expected(int i) => _expected.Pointer + _documents[i].Topics;

    /// <summary>n_dk as it was before a sweep.</summary>
    public float* Before(int i) => _before.Pointer + _documents[i].Topics;

    /// <summary>γ of its pairs.</summary>
    public ushort* Responsibilities(int i) => _responsibilities.Pointer + _documents[i].Responsibilities;

    /// <summary>Makes room for documents with so many active topics each, and pairs; everything is to be filled.</summary>
    public void Begin(ReadOnlySpan<int> active, ReadOnlySpan<int> pairs)
    {
        int topics = 0;
        long responsibilities = 0;
        for (int i = 0; i < documents.Count; i++)
        {
            int width = CountTable.Pad(active[i]);
            _documents[i] = new CollapsedDocument { Width = width, Active = active[i], Topics = topics, Responsibilities = responsibilities };
            topics += width;
            responsibilities += (long)pairs[i] * width;
        }
        _topics.EnsureLength(topics);
        _expected.EnsureLength(topics);
        _before.EnsureLength(topics);
        _responsibilities.EnsureLength(responsibilities);
        // The padding reads topic 0, and nothing comes of it.
        _topics.Span(0, topics).Clear();
        _expected.Span(0, topics).Clear();
        _responsibilities.Span(0, checked((int)responsibilities)).Clear();
    }

    /// <summary>Leaves the topics out that have been given up, those of negative expected counts, none of which has any responsibility.</summary>
    public void Shrink(int i, int pairs)
    {
        ref CollapsedDocument document = ref _documents[i];
        int* topics = Topics(i);
        float* expected = Expected(i);
        int width = document.Width, active = 0;
        for (int j = 0; j < document.Active; j++) if (expected[j] >= 0) active++;
        if (active == document.Active) return;
        int narrow = CountTable.Pad(Math.Max(1, active));
        ushort* from = Responsibilities(i), to = from;
        for (int pair = 0; pair < pairs; pair++, from += width, to += narrow)
        {
            int k = 0;
            for (int j = 0; j < document.Active; j++) if (expected[j] >= 0) to[k++] = from[j];
            for (; k < narrow; k++) to[k] = 0;
        }
        int place = 0;
        for (int j = 0; j < document.Active; j++)
        {
            if (expected[j] < 0) continue;
            topics[place] = topics[j];
            expected[place++] = expected[j];
        }
        for (; place < narrow; place++)
        {
            topics[place] = 0;
            expected[place] = 0;
        }
        document.Width = narrow;
        document.Active = active;
    }
}
