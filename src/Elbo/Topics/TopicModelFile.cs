using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>A fitted topic model as a file (docs/model-file.md). What is saved and loaded infers the same bits.</summary>
public static class TopicModelFile
{
    /// <summary>The kind of model, in the metadata.</summary>
    public const string Kind = "lda";

    const string CorpusPrefix = "corpus.";

    /// <summary>Writes a model in one step: either the whole file is there afterwards, or what was there before.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TopicModel model, string path) => AtomicFile.Write(path, stream => Save(model, stream));

    /// <summary>The same to a stream.</summary>
    public static void Save(TopicModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        TopicModelRecord record = model.Record;
        var tensors = TensorSet.Of(model.Parameters);
        VocabularyTensors.Write(model.Vocabulary, tensors);
        tensors.Visit("topic_prevalence", [record.Prevalence.Count], [.. record.Prevalence], TensorConstraint.Fixed);
        tensors.Visit("term_counts", [record.TermCounts.Count], [.. record.TermCounts.Select(count => (double)count)], TensorConstraint.Fixed);
        tensors.Add("trace/", new TraceTensors(record.Traces));
        if (record.Passes.Count > 0) tensors.Add("passes/", new TopicPassTensors(record.Passes));

        var metadata = new Dictionary<string, string>
        {
            ["kind"] = Kind,
            ["stop_reason"] = record.StopReason.ToString(),
            ["best_start"] = Properties.Write(record.BestStart),
            ["kernel_profile"] = KernelProfiles.Name(record.KernelProfile),
            ["documents"] = Properties.Write(record.Documents),
            ["tokens"] = Properties.Write(record.Tokens),
        };
        if (record.StopReason != StopReason.NotFitted) metadata["bound"] = Properties.Write(record.Bound);
        LdaOptionsProperties.Write(record.Options, metadata);
        TopicLabels.Write(record.Labels, metadata);
        foreach ((string name, string value) in record.CorpusProperties) metadata[CorpusPrefix + name] = value;
        ElboFile.Write(stream, ElboFile.Model, tensors, metadata);
    }

    /// <summary>Reads a model. The file is not trusted: everything is checked before it is used.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a model, is damaged, or comes from a newer Elbo; the message says which.</exception>
    public static TopicModel Load(string path)
    {
        using FileStream file = InputFile.Open(path);
        return Load(file, path);
    }

    /// <summary>The same from a stream that can seek.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">It is not a model, is damaged, or comes from a newer Elbo; the message says which.</exception>
    public static TopicModel Load(Stream stream, string name)
    {
        TensorFile file = ElboFile.Read(stream, name, ElboFile.Model);
        if (file.Metadata.TryGetValue("kind", out string? kind) && kind != Kind)
            throw new InvalidDataException($"'{name}' holds a model of the kind '{kind}' where '{Kind}' was expected.");
        try
        {
            return Read(file.Tensors, file.Metadata);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"'{name}' is damaged: {error.Message}", error);
        }
    }

    static TopicModel Read(TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Properties.Read(metadata, "kind");
        LdaParameters parameters = LdaParameters.FromTensors(tensors);
        TraceTensors traces = TraceTensors.FromTensors(tensors.Under("trace/"));
        int bestStart = Properties.ReadInt32(metadata, "best_start");
        StopReason stopReason = Properties.ReadEnum<StopReason>(metadata, "stop_reason");
        bool fitted = stopReason != StopReason.NotFitted;
        if ((uint)bestStart >= (uint)traces.Traces.Count && (fitted || traces.Traces.Count > 0))
            throw new InvalidDataException($"the best start is {bestStart}, but there are traces of {traces.Traces.Count} starts.");
        IReadOnlyList<IReadOnlyList<TopicPass>> passes = tensors.Contains("passes/starts") ? TopicPassTensors.FromTensors(tensors.Under("passes/")).Starts : [];
        if (passes.Count > 0 && passes.Count != traces.Traces.Count)
            throw new InvalidDataException($"there are passes of {passes.Count} starts and traces of {traces.Traces.Count}.");
        double[] counts = tensors.Doubles("term_counts", TensorConstraint.Fixed, parameters.Terms);
        return new TopicModel(parameters, VocabularyTensors.Read(tensors, parameters.Terms), new TopicModelRecord
        {
            Prevalence = tensors.Doubles("topic_prevalence", TensorConstraint.Simplex, parameters.Topics),
            TermCounts = [.. counts.Select(count => count >= 0 && count == Math.Floor(count) && count < 1L << 53 ? (long)count : throw new InvalidDataException($"tensor 'term_counts' has {count:R}, which is no count."))],
            Bound = fitted ? Properties.ReadDouble(metadata, "bound") : double.NaN,
            StopReason = stopReason,
            Traces = traces.Traces,
            Passes = passes,
            BestStart = bestStart,
            Options = LdaOptionsProperties.Read(metadata),
            KernelProfile = Properties.ReadKernelProfile(metadata, "kernel_profile"),
            Labels = TopicLabels.Read(metadata),
            Documents = Properties.ReadInt32(metadata, "documents"),
            CorpusProperties = Properties.Under(metadata, CorpusPrefix),
        });
    }
}
