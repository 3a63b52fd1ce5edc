using System.Text.Json;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Selection;

namespace Elbo.Cli.Outputs;

/// <summary>The models that were compared, a line each as soon as it is fitted.</summary>
sealed class SelectionTable(IReadOnlyList<FitOptions> candidates, SelectionOptions options, Reporter reporter)
{
    readonly int _width = candidates.Max(candidate => NameOf(candidate).Length);
    bool _begun;

    public void Say(Candidate candidate)
    {
        if (!_begun) reporter.Say($"{"model".PadRight(_width)}  {"log-likelihood",16}  {"parameters",10}  {"AIC",12}  {"BIC",12}  {"ICL",12}{(options.Folds > 0 ? $"  {"held out/row",12}" : "")}");
        _begun = true;
        string name = NameOf(candidate.Options).PadRight(_width);
        if (candidate.Model is not { } model)
        {
            reporter.Say($"{name}  failed: {candidate.Problem}");
            return;
        }
        FitRecord record = model.Record;
        string heldOut = options.Folds > 0 ? $"  {(candidate.HeldOut is { } score ? Numbers.PerToken(score) : ""),12}" : "";
        string doubts = candidate.IsTrusted ? "" : $"  not trusted: {string.Join(", ", candidate.Doubts.Select(Words))}";
        reporter.Say($"{name}  {Numbers.PerToken(record.LogLikelihood),16}  {record.FreeParameters,10}  {Numbers.Nats(record.Aic),12}  {Numbers.Nats(record.Bic),12}  {Numbers.Nats(record.Icl),12}{heldOut}{doubts}");
    }

    public void Write(SelectionResult result, string? output, Utf8JsonWriter json)
    {
        json.WriteString("criterion", NameOf(options.Criterion));
        json.WriteNumber("seed", options.Seed);
        json.WriteBoolean("complete", result.IsComplete);
        if (result.Best is null) json.WriteNull("best");
        else json.WriteNumber("best", result.Candidates.ToList().IndexOf(result.Best));
        if (output is not null && result.Best is not null) json.WriteString("model", output);
        json.WriteStartArray("candidates");
        foreach (Candidate candidate in result.Candidates)
        {
            json.WriteStartObject();
            json.WriteString("kind", FittedModelFile.KindOf(candidate.Options.Structure));
            json.WriteString("family", candidate.Options.Family.Name);
            if (candidate.Options.Family.Name == TableFitOptions.Gaussian) json.WriteString("covariance", candidate.Options.Family.Covariance);
            json.WriteNumber("components", candidate.Options.Components);
            if (candidate.Model is { } model)
            {
                FittedModelSummary.WriteScores(model.Record, json);
                json.WriteNumber("starts", model.Record.Traces.Count);
                if (StartAgreement.Count(model.Record) is { } agreeing) json.WriteNumber("agreeing_starts", agreeing);
            }
            if (options.Folds > 0) json.WriteFinite("held_out_per_row", candidate.HeldOut);
            if (candidate.Problem is not null) json.WriteString("problem", candidate.Problem);
            json.WriteBoolean("trusted", candidate.IsTrusted);
            json.WriteStartArray("doubts");
            foreach (Distrust doubt in candidate.Doubts) json.WriteStringValue(doubt.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static string NameOf(FitOptions options) =>
        $"{(options.Structure == LatentStructure.HiddenMarkov ? "hmm " : "")}{options.Family.Name}{(options.Family.Name == TableFitOptions.Gaussian ? $" {options.Family.Covariance}" : "")}, {options.Components}";

    public static string NameOf(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Aic => "AIC",
        SelectionCriterion.Icl => "ICL",
        SelectionCriterion.HeldOut => "held-out likelihood",
        _ => "BIC",
    };

    static string Words(Distrust doubt) => doubt switch
    {
        Distrust.Degenerate => "a component is degenerate",
        Distrust.NotConverged => "it did not converge",
        Distrust.OnlyOneStart => "only one start reached it",
        Distrust.FewerComponents => "components were dropped",
        _ => "it could not be fitted",
    };
}
