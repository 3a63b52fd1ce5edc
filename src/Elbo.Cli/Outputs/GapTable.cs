using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics.Gap;

namespace Elbo.Cli.Outputs;

/// <summary>The gap between evidence and ELBO, for people and for programs.</summary>
sealed class GapTable(GapReport report, Corpus corpus)
{
    /// <summary>On fewer weights than this no standard error can be founded.</summary>
    const double FewestWeights = 4;

    /// <summary>Of the gap; a larger standard error leaves little to say of it.</summary>
    const double LargestError = 0.1;

    /// <summary>Standard errors between two estimators that chance does not explain.</summary>
    const double LargestDeviation = 4;

    public static IReadOnlyList<(string Name, Type Type)> Columns =>
    [
        ("id", typeof(string)), ("label", typeof(string)), ("tokens", typeof(long)), ("unknown_tokens", typeof(long)), ("elbo", typeof(double)),
        .. ColumnsOf("annealing"), .. ColumnsOf("left_to_right"),
        ("kl", typeof(double)), ("kl_lower", typeof(double)), ("kl_upper", typeof(double)), ("kl_per_token", typeof(double)),
    ];

    static (string, Type)[] ColumnsOf(string estimator) => [.. ((string[])["log_evidence", "standard_error", "effective_samples", "bias"]).Select(what => ($"{estimator}_{what}", typeof(double)))];

    public IEnumerable<object?[]> Rows(CancellationToken cancellationToken)
    {
        foreach (DocumentGap document in report.Documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GapInterval gap = document.Gap;
            yield return
            [
                corpus.Id(document.Document), corpus.Label(document.Document), document.Tokens, document.UnknownTokens, document.Bound,
                .. Cells(document.Annealing), .. Cells(document.LeftToRight),
                gap.Value, gap.Lower, gap.Upper, document.GapPerToken,
            ];
        }

        static object?[] Cells(EvidenceEstimate? estimate) => estimate is { } found ? [found.LogEvidence, found.StandardError, found.EffectiveSampleSize, found.Bias] : new object?[4];
    }

    public IEnumerable<string> Lines()
    {
        yield return "KL(q ‖ p(ϑ,z|w)) = log p(w|α,β) − ELBO in nats, summed over documents; q mean field at its fixed point";
        if (report.IsAtMeans) yield return "  at the mean topics β = E_q[β]: the topics are smoothed, and the corpus-level gap under q(β) is not estimated";
        yield return Row("log p by", "documents", "tokens", "log p", "ELBO", "KL", "95% interval", "KL/token", "std. error", "bias", "ESS 5%");
        foreach ((string name, GapTotal total) in Totals())
        {
            GapInterval gap = total.Gap;
            yield return Row(name, Numbers.Count(total.Documents), Numbers.Count(total.Tokens), Numbers.Nats(total.LogEvidence), Numbers.Nats(total.Bound), Numbers.Nats(gap.Value),
                $"{Numbers.Nats(gap.Lower)} to {Numbers.Nats(gap.Upper)}", Numbers.PerToken(total.GapPerToken), Numbers.Nats(total.StandardError), Numbers.Nats(total.Bias),
                $"{Numbers.Short(total.LowEffectiveSampleSize)}/{total.Samples}");
        }
        yield return $"  medians per token: log p {Median(document => document.Evidence.LogEvidence / document.Tokens)}, ELBO {Median(document => document.Bound / document.Tokens)}, KL {Median(document => document.GapPerToken)}";
        if (report.Agreement is { } agreement)
        {
            yield return $"  annealing and left-to-right differ by {Numbers.PerToken(agreement.MedianPerToken)} nats per token in the median document, "
                + $"by {Numbers.Change(agreement.Difference)} ± {Numbers.Nats(agreement.StandardError)} in total (about {Numbers.Change(agreement.Bias)} of it their biases; {Numbers.Plural(agreement.Documents, "document")})";
        }
        yield return $"  {Counted()}; {Numbers.Plural(report.UnknownTokens, "token")} unknown to the model, left out";

        string Median(Func<DocumentGap, double> value) => Numbers.PerToken(report.Quantile(value, 0.5));
    }

    public IEnumerable<string> Warnings()
    {
        foreach ((string name, GapTotal total) in Totals())
        {
            bool anneals = name == "annealing";
            if (total.LowEffectiveSampleSize < FewestWeights)
                yield return $"{name}: in one document of twenty no more than {Numbers.Short(total.LowEffectiveSampleSize)} of {total.Samples} {(anneals ? "chains" : "particles")} bear the estimate, whose standard error is then too low to trust. Raise {(anneals ? "--steps" : "--particles")}{(anneals || report.Annealing is null ? "" : ", or go by annealing")}.";
            if (total.StandardError > LargestError * Math.Abs(total.Gap.Value))
                yield return $"{name}: the standard error of {Numbers.Nats(total.StandardError)} nats is more than a tenth of the KL. Raise {(anneals ? "--chains" : "--particles")}, or --max-documents where not all are measured.";
        }
        // Standard errors that are not to be trusted cannot tell how far apart is too far; the warning above has been given then.
        if (report.Agreement is { Deviation: > LargestDeviation } agreement && Totals().All(part => part.Total.LowEffectiveSampleSize >= FewestWeights))
            yield return $"the two estimators are {Numbers.Short(agreement.Deviation)} standard errors apart: one of them, more likely the lower, misses part of the posterior. Raise --steps and --particles.";
    }

    public void Write(string? path, Utf8JsonWriter json)
    {
        GapOptions options = report.Options;
        json.WriteNumber("seed", options.Seed);
        json.WriteBoolean("at_mean_topics", report.IsAtMeans);
        if (options.Estimators.HasFlag(EvidenceEstimators.Annealing))
        {
            json.WriteNumber("chains", options.Chains);
            json.WriteNumber("steps", options.Steps);
        }
        if (options.Estimators.HasFlag(EvidenceEstimators.LeftToRight))
        {
            json.WriteNumber("particles", options.Particles);
            json.WriteNumber("max_length", options.MaximumLength);
        }
        json.WriteNumber("corpus_documents", report.CorpusDocuments);
        json.WriteNumber("documents_measured", report.Documents.Count);
        json.WriteNumber("documents_empty", report.EmptyDocuments);
        json.WriteNumber("documents_too_long", report.TooLongDocuments);
        json.WriteNumber("unknown_tokens", report.UnknownTokens);
        WriteTotal("total", report.Total, json);
        WriteTotal("annealing", report.Annealing, json);
        WriteTotal("left_to_right", report.LeftToRight, json);
        if (report.Agreement is { } agreement)
        {
            json.WriteStartObject("agreement");
            json.WriteNumber("documents", agreement.Documents);
            json.WriteFinite("median_difference_per_token", agreement.MedianPerToken);
            json.WriteFinite("difference", agreement.Difference);
            json.WriteFinite("standard_error", agreement.StandardError);
            json.WriteFinite("bias", agreement.Bias);
            json.WriteEndObject();
        }
        if (path is not null) json.WriteString("documents_file", path);
        json.WriteStartArray("documents");
        foreach (object?[] row in Rows(CancellationToken.None)) WriteRow(row, json);
        json.WriteEndArray();
    }

    static void WriteTotal(string name, GapTotal? total, Utf8JsonWriter json)
    {
        if (total is null) return;
        json.WriteStartObject(name);
        json.WriteNumber("documents", total.Documents);
        json.WriteNumber("tokens", total.Tokens);
        json.WriteFinite("log_evidence", total.LogEvidence);
        json.WriteFinite("elbo", total.Bound);
        json.WriteFinite("standard_error", total.StandardError);
        json.WriteFinite("bias", total.Bias);
        json.WriteFinite("low_effective_samples", total.LowEffectiveSampleSize);
        json.WriteFinite("kl", total.Gap.Value);
        json.WriteFinite("kl_lower", total.Gap.Lower);
        json.WriteFinite("kl_upper", total.Gap.Upper);
        json.WriteFinite("kl_per_token", total.GapPerToken);
        json.WriteEndObject();
    }

    static void WriteRow(object?[] row, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (((string name, _), object? value) in Columns.Zip(row))
        {
            if (value is string text) json.WriteString(name, text);
            else if (value is long number) json.WriteNumber(name, number);
            else json.WriteFinite(name, value as double?);
        }
        json.WriteEndObject();
    }

    IEnumerable<(string Name, GapTotal Total)> Totals()
    {
        if (report.Annealing is { } annealing) yield return ("annealing", annealing);
        if (report.LeftToRight is { } leftToRight) yield return ("left-to-right", leftToRight);
    }

    string Counted()
    {
        string measured = report.Documents.Count + report.TooLongDocuments < report.CorpusDocuments
            ? $"{Numbers.Plural(report.Documents.Count, "document")} measured, of {Numbers.Count(report.CorpusDocuments)} drawn by the seed"
            : $"{Numbers.Plural(report.Documents.Count, "document")} measured";
        int longOnes = report.Options.Estimators == EvidenceEstimators.Both ? report.Documents.Count(document => document.LeftToRight is null) : report.TooLongDocuments;
        string tooLong = longOnes == 0 ? "" : $"; {Numbers.Count(longOnes)} of more than {Numbers.Count(report.Options.MaximumLength)} tokens {(report.Annealing is null ? "left out" : "by annealing alone")}";
        return measured + (report.EmptyDocuments == 0 ? "" : $", {Numbers.Count(report.EmptyDocuments)} of them without a known word (log p = 0)") + tooLong;
    }

    static string Row(params ReadOnlySpan<string> cells)
    {
        // Wide enough for sums of millions of nats; what is wider pushes the rest to the right.
        ReadOnlySpan<int> widths = [-13, 9, 11, 15, 15, 12, 24, 8, 10, 8, 8];
        string line = "";
        for (int i = 0; i < cells.Length; i++) line += "  " + string.Format(CultureInfo.InvariantCulture, $"{{0,{widths[i]}}}", cells[i]);
        return line;
    }
}
