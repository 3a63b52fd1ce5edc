using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Fitting;

/// <summary>A checkpoint of a mixture or a hidden Markov model as a file: safetensors like a model, with the state of the fit in its tensors.</summary>
public static class FitCheckpointFile
{
    const string InputPrefix = "input.", StatePrefix = "state/", BestPrefix = "best/", HalfSteps = "half_steps", StepKey = "step", PreviousChangeKey = "previous_change", GivenUpKey = "given_up";

    /// <summary>Writes a checkpoint in one step.</summary>
    /// <param name="checkpoint">Where the fit stands.</param>
    /// <param name="path">The file.</param>
    /// <param name="input">How to find the table again, as name and value: kept as it is.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(FitCheckpoint checkpoint, string path, IReadOnlyDictionary<string, string> input) => AtomicFile.Write(path, stream => Save(checkpoint, stream, input));

    /// <summary>The same to a stream.</summary>
    public static void Save(FitCheckpoint checkpoint, Stream stream, IReadOnlyDictionary<string, string> input)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(input);
        var tensors = new TensorSet();
        tensors.Add(StatePrefix, checkpoint.State.Parameters);
        if (checkpoint.Best is { } best) tensors.Add(BestPrefix, best);
        if (checkpoint.State is { EStep: { } e, MStep: { } m })
        {
            // The E-steps of a table tell the log-evidence; that after the M-step is still to come.
            tensors.Visit(HalfSteps, [7], [e.ExpectedLogJoint, e.Entropy, e.GlobalBound, e.LogEvidence!.Value, m.ExpectedLogJoint, m.Entropy, m.GlobalBound], TensorConstraint.Fixed);
        }
        tensors.Add("trace/", new TraceTensors([checkpoint.Trace]));
        tensors.Add("finished/trace/", new TraceTensors([.. checkpoint.Finished.Select(fit => fit.Trace)]));
        for (int start = 0; start < checkpoint.Finished.Count; start++) tensors.Add($"finished/{start}/", checkpoint.Finished[start].Parameters);
        tensors.Visit("finished/objectives", [checkpoint.Finished.Count], [.. checkpoint.Finished.Select(fit => fit.Objective)], TensorConstraint.Fixed);

        var metadata = new Dictionary<string, string>
        {
            ["kind"] = FittedModelFile.KindOf(checkpoint.Options.Structure),
            ["table_checksum"] = checkpoint.TableChecksum,
            ["kernel_profile"] = KernelProfiles.Name(checkpoint.KernelProfile),
            ["began_at_parameters"] = checkpoint.BeganAtParameters.ToString(),
            ["running_start"] = Properties.Write(checkpoint.Start),
            ["attempt"] = Properties.Write(checkpoint.Attempt),
            ["continuing"] = checkpoint.Continuing.ToString(),
            ["iteration"] = Properties.Write(checkpoint.State.Number),
            ["best_objective"] = Properties.Write(checkpoint.BestObjective),
        };
        if (checkpoint.GivenUp is { } givenUp) metadata[GivenUpKey] = givenUp;
        if (checkpoint.State.Step is { } step) metadata[StepKey] = Properties.Write(step);
        if (checkpoint.State.PreviousChange is { } change) metadata[PreviousChangeKey] = Properties.Write(change);
        FamilyProperties.Write(checkpoint.Family, metadata);
        TableSchema.WriteList("note", checkpoint.Notes, metadata);
        FitOptionsProperties.Write(checkpoint.Options, metadata);
        foreach ((string name, string value) in input) metadata[InputPrefix + name] = value;
        ElboFile.Write(stream, ElboFile.Checkpoint, tensors, metadata);
    }

    /// <summary>Reads a checkpoint, and what it was told of its input when it was saved. The file is not trusted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="families">Makes a family of its name and settings, where it is one of your own; null knows those of <see cref="FamilyCatalog"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such a checkpoint, is damaged, or comes from a newer Elbo.</exception>
    public static (FitCheckpoint Checkpoint, IReadOnlyDictionary<string, string> Input) Load(string path, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families = null)
    {
        using FileStream file = InputFile.Open(path);
        return Load(file, path, families);
    }

    /// <summary>The same from a stream that can seek.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="families">As for a file.</param>
    /// <exception cref="InvalidDataException">It is not such a checkpoint, is damaged, or comes from a newer Elbo.</exception>
    public static (FitCheckpoint Checkpoint, IReadOnlyDictionary<string, string> Input) Load(Stream stream, string name, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families = null)
    {
        TensorFile file = ElboFile.Read(stream, name, ElboFile.Checkpoint);
        if (file.Metadata.TryGetValue("kind", out string? kind) && kind is not (FittedModelFile.Mixture or FittedModelFile.HiddenMarkov))
            throw new InvalidDataException($"'{name}' holds a fit of the kind '{kind}' where '{FittedModelFile.Mixture}' or '{FittedModelFile.HiddenMarkov}' was expected.");
        try
        {
            FitCheckpoint checkpoint = Read(file.Tensors, file.Metadata, families);
            checkpoint.Validate();
            Estimator.Check(checkpoint);
            return (checkpoint, Properties.Under(file.Metadata, InputPrefix));
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"'{name}' is damaged: {error.Message}", error);
        }
    }

    static FitCheckpoint Read(TensorSet tensors, IReadOnlyDictionary<string, string> metadata, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families)
    {
        LatentStructure structure = Properties.Read(metadata, "kind") == FittedModelFile.Mixture ? LatentStructure.Mixture : LatentStructure.HiddenMarkov;
        double[] objectives = tensors.Doubles("finished/objectives", TensorConstraint.Fixed, -1);
        IReadOnlyList<IReadOnlyList<Iteration>> finished = TraceTensors.FromTensors(tensors.Under("finished/trace/")).Traces;
        IReadOnlyList<IReadOnlyList<Iteration>> running = TraceTensors.FromTensors(tensors.Under("trace/")).Traces;
        if (finished.Count != objectives.Length || running.Count > 1) throw new InvalidDataException("the traces do not fit the number of starts.");
        var state = new EmState<TensorSet>(Properties.ReadInt32(metadata, "iteration"), tensors.Under(StatePrefix))
        {
            Step = Optional(metadata, StepKey),
            PreviousChange = Optional(metadata, PreviousChangeKey),
        };
        bool begins = !tensors.Contains(HalfSteps);
        if (!begins)
        {
            double[] halves = tensors.Doubles(HalfSteps, TensorConstraint.Fixed, 7);
            state = state with { EStep = new HalfStep(halves[0], halves[1], halves[2], halves[3]), MStep = new HalfStep(halves[4], halves[5], halves[6], null) };
        }
        return new FitCheckpoint
        {
            Options = FitOptionsProperties.Read(metadata, structure),
            Family = FamilyProperties.Read(metadata, families),
            TableChecksum = Properties.Read(metadata, "table_checksum"),
            KernelProfile = Properties.ReadKernelProfile(metadata, "kernel_profile"),
            BeganAtParameters = Properties.ReadBoolean(metadata, "began_at_parameters"),
            Start = Properties.ReadInt32(metadata, "running_start"),
            Attempt = Properties.ReadInt32(metadata, "attempt"),
            GivenUp = metadata.GetValueOrDefault(GivenUpKey),
            Continuing = Properties.ReadBoolean(metadata, "continuing"),
            State = state,
            Best = begins ? null : tensors.Under(BestPrefix),
            BestObjective = Properties.ReadDouble(metadata, "best_objective"),
            Trace = running.Count == 0 ? [] : running[0],
            Finished = [.. objectives.Select((objective, start) => new EmFit<TensorSet>(tensors.Under($"finished/{start}/"), objective, finished[start]))],
            Notes = TableSchema.ReadList("note", metadata) ?? [],
        };
    }

    static double? Optional(IReadOnlyDictionary<string, string> metadata, string name) => metadata.ContainsKey(name) ? Properties.ReadDouble(metadata, name) : null;
}
