using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>A checkpoint as a file: safetensors like a model, with the state of the fit in its tensors.</summary>
public static class LdaCheckpointFile
{
    const string InputPrefix = "input.";

    /// <summary>Writes a checkpoint in one step.</summary>
    /// <param name="checkpoint">Where the fit stands.</param>
    /// <param name="path">The file.</param>
    /// <param name="input">How to find the corpus again, as name and value: kept as it is.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(LdaCheckpoint checkpoint, string path, IReadOnlyDictionary<string, string> input) => AtomicFile.Write(path, stream => Save(checkpoint, stream, input));

    /// <summary>The same to a stream.</summary>
    public static void Save(LdaCheckpoint checkpoint, Stream stream, IReadOnlyDictionary<string, string> input)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(input);
        var tensors = new TensorSet();
        tensors.Add("state/", checkpoint.State.Parameters);
        tensors.Visit("state/half_steps", [8], HalfSteps(checkpoint.State), TensorConstraint.Fixed);
        tensors.Add("best/", checkpoint.Best);
        if (checkpoint.LocalState is { } local) tensors.Add("local/", local);
        tensors.Add("trace/", new TraceTensors([checkpoint.Trace]));
        tensors.Add("finished/trace/", new TraceTensors([.. checkpoint.Finished.Select(fit => fit.Trace)]));
        for (int start = 0; start < checkpoint.Finished.Count; start++) tensors.Add($"finished/{start}/", checkpoint.Finished[start].Parameters);
        tensors.Visit("finished/objectives", [checkpoint.Finished.Count], [.. checkpoint.Finished.Select(fit => fit.Objective)], TensorConstraint.Fixed);

        var metadata = new Dictionary<string, string>
        {
            ["kind"] = TopicModelFile.Kind,
            ["corpus_checksum"] = checkpoint.CorpusChecksum,
            ["kernel_profile"] = KernelProfiles.Name(checkpoint.KernelProfile),
            ["running_start"] = Properties.Write(checkpoint.Start),
            ["continuing"] = checkpoint.Continuing.ToString(),
            ["stretch"] = checkpoint.DocumentStart.ToString(),
            ["iteration"] = Properties.Write(checkpoint.State.Number),
            ["best_objective"] = Properties.Write(checkpoint.BestObjective),
            ["best_iteration"] = Properties.Write(checkpoint.BestNumber),
        };
        LdaOptionsProperties.Write(checkpoint.Options, metadata);
        foreach ((string name, string value) in input) metadata[InputPrefix + name] = value;
        ElboFile.Write(stream, ElboFile.Checkpoint, tensors, metadata);
    }

    /// <summary>Reads a checkpoint, and what it was told of its input when it was saved. The file is not trusted.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a checkpoint of LDA, is damaged, or comes from a newer Elbo.</exception>
    public static (LdaCheckpoint Checkpoint, IReadOnlyDictionary<string, string> Input) Load(string path)
    {
        using FileStream file = InputFile.Open(path);
        return Load(file, path);
    }

    /// <summary>The same from a stream that can seek.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">It is not a checkpoint of LDA, is damaged, or comes from a newer Elbo.</exception>
    public static (LdaCheckpoint Checkpoint, IReadOnlyDictionary<string, string> Input) Load(Stream stream, string name)
    {
        TensorFile file = ElboFile.Read(stream, name, ElboFile.Checkpoint);
        try
        {
            return Read(file.Tensors, file.Metadata);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"'{name}' is damaged: {error.Message}", error);
        }
    }

    static (LdaCheckpoint, IReadOnlyDictionary<string, string>) Read(TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (Properties.Read(metadata, "kind") is var kind && kind != TopicModelFile.Kind)
            throw new InvalidDataException($"it holds a fit of the kind '{kind}' where '{TopicModelFile.Kind}' was expected.");
        LdaParameters parameters = LdaParameters.FromTensors(tensors.Under("state/"));
        double[] halves = tensors.Doubles("state/half_steps", TensorConstraint.Fixed, 8);
        double[] objectives = tensors.Doubles("finished/objectives", TensorConstraint.Fixed, -1);
        IReadOnlyList<IReadOnlyList<Iteration>> finished = TraceTensors.FromTensors(tensors.Under("finished/trace/")).Traces;
        IReadOnlyList<IReadOnlyList<Iteration>> running = TraceTensors.FromTensors(tensors.Under("trace/")).Traces;
        if (finished.Count != objectives.Length || running.Count != 1)
            throw new InvalidDataException("the traces do not fit the number of starts.");
        var checkpoint = new LdaCheckpoint
        {
            Options = LdaOptionsProperties.Read(metadata),
            CorpusChecksum = Properties.Read(metadata, "corpus_checksum"),
            KernelProfile = Properties.ReadKernelProfile(metadata, "kernel_profile"),
            Start = Properties.ReadInt32(metadata, "running_start"),
            Continuing = Properties.ReadBoolean(metadata, "continuing"),
            DocumentStart = Properties.ReadEnum<DocumentStart>(metadata, "stretch"),
            State = new EmState<LdaParameters>(Properties.ReadInt32(metadata, "iteration"), parameters,
                new HalfStep(halves[0], halves[1], halves[2], parameters.Estimate == TopicEstimate.MaximumAPosteriori ? halves[3] : null), new HalfStep(halves[4], halves[5], halves[6], null)),
            Best = LdaParameters.FromTensors(tensors.Under("best/")),
            BestObjective = Properties.ReadDouble(metadata, "best_objective"),
            BestNumber = Properties.ReadInt32(metadata, "best_iteration"),
            LocalState = tensors.Contains("local/gamma") ? LdaLocalState.FromTensors(tensors.Under("local/")) : null,
            Trace = running[0],
            Finished = [.. objectives.Select((objective, start) =>
                new EmFit<LdaParameters>(LdaParameters.FromTensors(tensors.Under($"finished/{start}/")), objective, finished[start]))],
        };
        if (checkpoint.LocalState is { } local && local.Topics != parameters.Topics)
            throw new InvalidDataException("tensor 'local/gamma' has another number of topics than the model.");
        return (checkpoint, Properties.Under(metadata, InputPrefix));
    }

    // A checkpoint stands between an M-step and an E-step, so both half-steps are there. The log-evidence is one that MAP's E-step has, and that after the M-step is still to come.
    static double[] HalfSteps(EmState<LdaParameters> state)
    {
        HalfStep e = state.EStep!.Value, m = state.MStep!.Value;
        return [e.ExpectedLogJoint, e.Entropy, e.GlobalBound, e.LogEvidence ?? 0, m.ExpectedLogJoint, m.Entropy, m.GlobalBound, 0];
    }
}
