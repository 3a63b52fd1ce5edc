using System.Text.Json;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Cli.Outputs;

/// <summary>How a fit came out.</summary>
static class FitSummary
{
    public static void Say(TopicModel model, Reporter reporter)
    {
        IReadOnlyList<Iteration> trace = model.Trace;
        if (trace.Count == 0)
        {
            reporter.Say(Describe(model.Record.StopReason));
            return;
        }
        int falls = trace.Count(FitHistory.Fell);
        reporter.Say($"{Describe(model.Record.StopReason)} after {Numbers.Plural(trace[^1].Number, "iteration")}"
            + (model.Record.Traces.Count > 1 ? $" of start {model.Record.BestStart} (of {model.Record.Traces.Count})" : ""));
        reporter.Say($"ELBO {Numbers.Nats(model.Bound)} nats, {Numbers.PerToken(model.Bound / model.Record.Tokens)} per token");
        if (falls > 0) reporter.Say($"the bound fell {Numbers.Plural(falls, "time")} in cold passes, which promise no ascent; the best pass was kept");
        reporter.Say(trace[^1].Guarantee == Guarantee.None
            ? "certificate: decomposition and M-steps were checked; these passes promise no ascent of the E-step"
            : $"certificate: every half-step was checked; in the {trace[^1].Segment} passes at the end the bound never fell");
    }

    public static void Write(TopicModel model, FitJob job, Utf8JsonWriter json)
    {
        json.WriteString("kind", TopicModelFile.Kind);
        json.WriteString("model", job.ModelPath);
        if (job.DocumentsPath is not null) json.WriteString("documents_file", job.DocumentsPath);
        WriteRecord(model, json);
        WriteTrace(model.Trace, json);
    }

    public static void WriteRecord(TopicModel model, Utf8JsonWriter json)
    {
        TopicModelRecord record = model.Record;
        json.WriteNumber("seed", record.Options.Seed);
        json.WriteNumber("topics", model.Topics.Count);
        json.WriteNumber("terms", model.Vocabulary.Count);
        json.WriteNumber("documents", record.Documents);
        json.WriteNumber("tokens", record.Tokens);
        json.WriteFinite("bound", record.Bound);
        json.WriteFinite("bound_per_token", record.Bound / record.Tokens);
        json.WriteNumber("iterations", model.Trace.Count == 0 ? 0 : model.Trace[^1].Number);
        json.WriteString("stop_reason", record.StopReason.ToString());
        json.WriteNumber("starts", record.Traces.Count);
        json.WriteNumber("best_start", record.BestStart);
        json.WriteString("kernel_profile", KernelProfiles.Name(record.KernelProfile));
    }

    public static void WriteTrace(IReadOnlyList<Iteration> trace, Utf8JsonWriter json)
    {
        json.WriteStartArray("trace");
        foreach (Iteration iteration in trace)
        {
            json.WriteStartObject();
            json.WriteNumber("iteration", iteration.Number);
            json.WriteString("segment", iteration.Segment);
            json.WriteString("guarantee", iteration.Guarantee.ToString());
            json.WriteFinite("bound", iteration.Objective);
            json.WriteFinite("expected_log_joint", iteration.Own.ExpectedLogJoint);
            json.WriteFinite("entropy", iteration.Own.Entropy);
            json.WriteFinite("global_bound", iteration.Own.GlobalBound);
            json.WriteFinite("kl", iteration.Own.KullbackLeibler);
            json.WriteFinite("change", iteration.Change);
            json.WriteBoolean("fell", FitHistory.Fell(iteration));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static string Describe(StopReason reason) => reason switch
    {
        StopReason.Converged => "converged",
        StopReason.IterationLimit => "stopped at the limit of iterations",
        StopReason.TimeLimit => "stopped at the time limit",
        StopReason.Cancelled => "stopped as asked, with the best so far,",
        StopReason.BoundFell => "stopped because the bound fell",
        StopReason.Degenerate => "given up because a component degenerated",
        StopReason.NotFitted => "not fitted: the parameters that a corpus was drawn from",
        _ => reason.ToString(),
    };
}
