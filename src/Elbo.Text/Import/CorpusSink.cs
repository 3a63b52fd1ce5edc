using Elbo.Corpora;

namespace Elbo.Text;

/// <summary>Where an import puts its documents: memory, or a file.</summary>
interface ICorpusSink
{
    /// <summary>Takes a document: term ids in the order of the text, and where each stands in it.</summary>
    void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id, string? label, string? source);

    /// <summary>Ends the corpus, after the last document.</summary>
    void Complete(Vocabulary vocabulary, IReadOnlyDictionary<string, string> properties);
}

/// <summary>Keeps the corpus in memory.</summary>
sealed class MemorySink(Vocabulary vocabulary) : ICorpusSink
{
    readonly CorpusBuilder _builder = new(vocabulary);

    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id, string? label, string? source) =>
        _builder.Add(tokens, starts, lengths, id, label, source);

    public void Complete(Vocabulary vocabulary, IReadOnlyDictionary<string, string> properties)
    {
        foreach ((string name, string value) in properties) _builder.Properties[name] = value;
    }

    public Corpus Build() => _builder.Build();
}

/// <summary>Writes the corpus to a file as it comes; the writer is its caller's to dispose of.</summary>
sealed class FileSink(CorpusFileWriter writer) : ICorpusSink
{
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id, string? label, string? source) =>
        writer.AddTokens(tokens, starts, lengths, id, label, source);

    public void Complete(Vocabulary vocabulary, IReadOnlyDictionary<string, string> properties) => writer.Complete(vocabulary, properties);
}
