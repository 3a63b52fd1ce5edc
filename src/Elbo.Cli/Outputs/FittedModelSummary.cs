using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Selection;

namespace Elbo.Cli.Outputs;

/// <summary>How a mixture or a hidden Markov model came out.</summary>
static class FittedModelSummary
{
    public static void Say(FittedModel model, TableSchema schema, Reporter reporter)
    {
        FitRecord record = model.Record;
        IReadOnlyList<Iteration> trace = record.Traces[record.BestStart];
        reporter.Say(FitWords.Stop(record));
        reporter.Say($"log-likelihood {Numbers.Full(record.LogLikelihood)} ({Numbers.Plural(record.FreeParameters, "free parameter")})");
        if (record.Options.Hard || trace[^1].Own.GlobalBound != 0) reporter.Say($"objective {Numbers.Full(record.Objective)} ({(record.Options.Hard ? "the classification likelihood" : "with the prior")})");
        reporter.Say($"AIC {Numbers.Nats(record.Aic)}   BIC {Numbers.Nats(record.Bic)}   ICL {Numbers.Nats(record.Icl)}");
        foreach (string line in ParameterTable.Lines(model, schema)) reporter.Say(line);
        foreach (string note in record.Notes) reporter.Say($"note: {note}");
        foreach (Degeneracy degeneracy in record.Degeneracies) reporter.Warn(degeneracy.Message);
        reporter.Say(FitWords.Certificate(record));
    }

    public static void Write(FittedModel model, TableSchema schema, Utf8JsonWriter json)
    {
        FitRecord record = model.Record;
        json.WriteString("kind", FittedModelFile.KindOf(record.Options.Structure));
        json.WriteString("family", model.Family.Name);
        json.WriteStrings("family_settings", model.Family.Settings);
        json.WriteNumber("seed", record.Options.Seed);
        json.WriteNumber("components", model.Components);
        json.WriteNumber("rows", record.Rows);
        json.WriteFinite("total_weight", record.TotalWeight);
        WriteStrings("columns", record.ColumnNames);
        if (schema.ComponentNames.Count > 0) WriteStrings("component_names", schema.ComponentNames);
        if (schema.Categories.Count > 0)
        {
            json.WriteStartObject("categories");
            for (int column = 0; column < record.ColumnNames.Count; column++)
                if (schema.CategoriesOf(column) is { } categories) WriteStrings(record.ColumnNames[column], categories);
            json.WriteEndObject();
        }
        WriteScores(record, json);
        json.WriteNumber("iterations", record.Traces[record.BestStart][^1].Number);
        json.WriteString("stop_reason", record.StopReason.ToString());
        json.WriteNumber("starts", record.Traces.Count);
        json.WriteNumber("best_start", record.BestStart);
        if (StartAgreement.Count(record) is { } agreeing) json.WriteNumber("agreeing_starts", agreeing);
        json.WriteString("kernel_profile", KernelProfiles.Name(record.KernelProfile));
        json.WriteStartArray("degeneracies");
        foreach (Degeneracy degeneracy in record.Degeneracies)
        {
            json.WriteStartObject();
            json.WriteNumber("component", degeneracy.Component);
            json.WriteNumber("iteration", degeneracy.Iteration);
            json.WriteString("cause", degeneracy.Cause.ToString());
            json.WriteString("message", degeneracy.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteStrings("notes", record.Notes);
        json.WriteStrings("options", OptionList.Of(record.Options));
        json.WriteStartObject("parameters");
        foreach (NamedTensor tensor in model.Parameters.Tensors) WriteTensor(tensor, json);
        json.WriteEndObject();

        void WriteStrings(string name, IEnumerable<string> texts)
        {
            json.WriteStartArray(name);
            foreach (string text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }
    }

    public static void WriteScores(FitRecord record, Utf8JsonWriter json)
    {
        json.WriteFinite("log_likelihood", record.LogLikelihood);
        json.WriteFinite("objective", record.Objective);
        json.WriteNumber("free_parameters", record.FreeParameters);
        json.WriteFinite("aic", record.Aic);
        json.WriteFinite("bic", record.Bic);
        json.WriteFinite("icl", record.Icl);
        json.WriteFinite("assignment_entropy", record.AssignmentEntropy);
    }

    /// <summary>Arrays in arrays, as the shape says.</summary>
    static void WriteTensor(NamedTensor tensor, Utf8JsonWriter json)
    {
        json.WritePropertyName(tensor.Name);
        int next = 0;
        Write(0);

        void Write(int axis)
        {
            if (axis == tensor.Shape.Count)
            {
                double value = Convert.ToDouble(tensor.Values.GetValue(next++), CultureInfo.InvariantCulture);
                if (double.IsFinite(value)) json.WriteNumberValue(value);
                else json.WriteNullValue();
                return;
            }
            json.WriteStartArray();
            for (long i = 0; i < tensor.Shape[axis]; i++) Write(axis + 1);
            json.WriteEndArray();
        }
    }
}
