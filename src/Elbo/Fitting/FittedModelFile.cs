using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Fitting;

/// <summary>A fitted mixture or hidden Markov model as a file (docs/model-file.md). What is saved and loaded predicts the same bits.</summary>
public static class FittedModelFile
{
    /// <summary>The kind of a finite mixture, in the metadata.</summary>
    public const string Mixture = "mixture";

    /// <summary>The kind of a hidden Markov model, in the metadata.</summary>
    public const string HiddenMarkov = "hmm";

    const string ParameterPrefix = "parameters/", TracePrefix = "trace/";

    /// <summary>The kind of model that a structure makes.</summary>
    public static string KindOf(LatentStructure structure) => structure == LatentStructure.Mixture ? Mixture : HiddenMarkov;

    /// <summary>Writes a model in one step: either the whole file is there afterwards, or what was there before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="schema">What columns and components mean; null where all columns are numbers and components have no names.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(FittedModel model, string path, TableSchema? schema = null) => AtomicFile.Write(path, stream => Save(model, stream, schema));

    /// <summary>The same to a stream.</summary>
    public static void Save(FittedModel model, Stream stream, TableSchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        FitRecord record = model.Record;
        var tensors = new TensorSet();
        tensors.Add(ParameterPrefix, model.Parameters);
        tensors.Add(TracePrefix, new TraceTensors(record.Traces));
        var metadata = new Dictionary<string, string>
        {
            ["kind"] = KindOf(record.Options.Structure),
            ["columns"] = Properties.Write(record.ColumnNames.Count),
            ["rows"] = Properties.Write(record.Rows),
            ["total_weight"] = Properties.Write(record.TotalWeight),
            ["objective"] = Properties.Write(record.Objective),
            ["log_likelihood"] = Properties.Write(record.LogLikelihood),
            ["free_parameters"] = Properties.Write(record.FreeParameters),
            ["assignment_entropy"] = Properties.Write(record.AssignmentEntropy),
            ["stop_reason"] = record.StopReason.ToString(),
            ["best_start"] = Properties.Write(record.BestStart),
            ["kernel_profile"] = KernelProfiles.Name(record.KernelProfile),
        };
        FamilyProperties.Write(model.Family, metadata);
        TableSchema.WriteList("column_name", record.ColumnNames, metadata);
        TableSchema.WriteList("note", record.Notes, metadata);
        for (int i = 0; i < record.Degeneracies.Count; i++)
        {
            Degeneracy degeneracy = record.Degeneracies[i];
            metadata[$"degeneracy.{i}"] = degeneracy.Message;
            metadata[$"degeneracy.{i}.component"] = Properties.Write(degeneracy.Component);
            metadata[$"degeneracy.{i}.iteration"] = Properties.Write(degeneracy.Iteration);
            metadata[$"degeneracy.{i}.cause"] = degeneracy.Cause.ToString();
        }
        (schema ?? new TableSchema()).Write(metadata);
        FitOptionsProperties.Write(record.Options, metadata);
        ElboFile.Write(stream, ElboFile.Model, tensors, metadata);
    }

    /// <summary>Reads a model. The file is not trusted: everything is checked before it is used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="families">Makes a family of its name and settings, where it is one of your own; null knows those of <see cref="FamilyCatalog"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such a model, is damaged, or comes from a newer Elbo; the message says which.</exception>
    public static (FittedModel Model, TableSchema Schema) Load(string path, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families = null)
    {
        using FileStream file = InputFile.Open(path);
        return Load(file, path, families);
    }

    /// <summary>The same from a stream that can seek.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="families">As for a file.</param>
    /// <exception cref="InvalidDataException">It is not such a model, is damaged, or comes from a newer Elbo; the message says which.</exception>
    public static (FittedModel Model, TableSchema Schema) Load(Stream stream, string name, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families = null)
    {
        TensorFile file = ElboFile.Read(stream, name, ElboFile.Model);
        if (file.Metadata.TryGetValue("kind", out string? kind) && kind is not (Mixture or HiddenMarkov))
            throw new InvalidDataException($"'{name}' holds a model of the kind '{kind}' where '{Mixture}' or '{HiddenMarkov}' was expected.");
        try
        {
            return Read(file.Tensors, file.Metadata, families);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"'{name}' is damaged: {error.Message}", error);
        }
    }

    static (FittedModel Model, TableSchema Schema) Read(TensorSet tensors, IReadOnlyDictionary<string, string> metadata, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families)
    {
        LatentStructure structure = Properties.Read(metadata, "kind") == Mixture ? LatentStructure.Mixture : LatentStructure.HiddenMarkov;
        AnyFamily family = FamilyProperties.Read(metadata, families);
        TraceTensors traces = TraceTensors.FromTensors(tensors.Under(TracePrefix));
        int bestStart = Properties.ReadInt32(metadata, "best_start");
        if ((uint)bestStart >= (uint)traces.Traces.Count) throw new InvalidDataException($"the best start is {bestStart}, but there are traces of {traces.Traces.Count} starts.");
        string[] columns = TableSchema.ReadList("column_name", metadata) ?? [];
        if (columns.Length == 0 || columns.Length != Properties.ReadInt32(metadata, "columns")) throw new InvalidDataException($"the metadata name {columns.Length} columns, and there are {Properties.Read(metadata, "columns")}.");
        var record = new FitRecord
        {
            Options = FitOptionsProperties.Read(metadata, structure),
            ColumnNames = columns,
            Rows = Properties.ReadInt32(metadata, "rows"),
            TotalWeight = Properties.ReadDouble(metadata, "total_weight"),
            Objective = Properties.ReadDouble(metadata, "objective"),
            LogLikelihood = Properties.ReadDouble(metadata, "log_likelihood"),
            FreeParameters = Properties.ReadInt32(metadata, "free_parameters"),
            AssignmentEntropy = Properties.ReadDouble(metadata, "assignment_entropy"),
            StopReason = Properties.ReadEnum<StopReason>(metadata, "stop_reason"),
            BestStart = bestStart,
            Traces = traces.Traces,
            Degeneracies = ReadDegeneracies(metadata),
            Notes = TableSchema.ReadList("note", metadata) ?? [],
            KernelProfile = Properties.ReadKernelProfile(metadata, "kernel_profile"),
        };
        if (record.Rows < 1 || !(record.TotalWeight > 0)) throw new InvalidDataException($"it says that it was fitted to {record.Rows} rows of the weight {record.TotalWeight}.");
        FittedModel model = Estimator.Restore(family, tensors.Under(ParameterPrefix), record);
        return (model, TableSchema.Read(metadata, columns.Length));
    }

    static List<Degeneracy> ReadDegeneracies(IReadOnlyDictionary<string, string> metadata)
    {
        string[] messages = TableSchema.ReadList("degeneracy", metadata) ?? [];
        return [.. messages.Select((message, i) => new Degeneracy(
            Properties.ReadInt32(metadata, $"degeneracy.{i}.component"),
            Properties.ReadInt32(metadata, $"degeneracy.{i}.iteration"),
            Properties.ReadEnum<DegeneracyCause>(metadata, $"degeneracy.{i}.cause"),
            message))];
    }
}
