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
            reporter.Say(FitWords.Describe(model.Record.StopReason));
            return;
        }
        reporter.Say(FitWords.Stop(model));
        if (model.Passes.Count > 0) SayHeldOut(model, reporter);
        int falls = trace.Count(FitWords.Fell);
        SayBound(model, reporter);
        if (falls > 0) reporter.Say($"the bound fell {Numbers.Plural(falls, "time")} in cold passes, which promise no ascent; the best pass was kept");
        if (FitWords.IsClosed(trace)) reporter.Say($"that is of a closing mean-field pass; what was maximised is the {trace[^2].Segment} objective, {Numbers.Nats(trace.SkipLast(1).Max(record => record.Objective))} nats in the end");
        reporter.Say(FitWords.Certificate(model));
    }

    static void SayHeldOut(TopicModel model, Reporter reporter)
    {
        TopicPass last = model.Passes[^1];
        if (last.HeldOut is null) return;
        // Where the last pass was one too many, what the one before had found was kept.
        TopicPass kept = model.Record.StopReason == StopReason.HeldOutFell ? model.Passes[^2] : last;
        reporter.Say($"held-out score {Numbers.PerToken(kept.HeldOut!.Value)} nats per token, on documents that were set aside");
        if (kept != last) reporter.Say($"the last pass lowered it to {Numbers.PerToken(last.HeldOut.Value)}: more passes would fit the training documents alone; the topics of the pass before were kept");
    }

    static void SayBound(TopicModel model, Reporter reporter) =>
        reporter.Say($"ELBO {Numbers.Nats(model.Bound)} nats, {Numbers.PerToken(model.Bound / model.Record.Tokens)} per token");

    public static void Write(TopicModel model, FitJob job, Utf8JsonWriter json)
    {
        json.WriteString("kind", TopicModelFile.Kind);
        json.WriteString("model", job.Target.ModelPath);
        if (job.DocumentsPath is not null) json.WriteString("documents_file", job.DocumentsPath);
        WriteRecord(model, json);
        json.WriteNumber("fit_seconds", model.Trace[^1].Elapsed.TotalSeconds);
        WritePasses(model.Passes, json);
        WriteTrace(model.Trace, json);
    }

    public static void WritePasses(IReadOnlyList<TopicPass> passes, Utf8JsonWriter json)
    {
        json.WriteStartArray("passes");
        foreach (TopicPass pass in passes)
        {
            json.WriteStartObject();
            json.WriteNumber("pass", pass.Number);
            json.WriteString("segment", pass.Segment);
            json.WriteFinite("objective", pass.Objective);
            json.WriteFinite("held_out", pass.HeldOut);
            json.WriteFinite("moved", pass.Moved);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteRecord(TopicModel model, Utf8JsonWriter json)
    {
        TopicModelRecord record = model.Record;
        json.WriteNumber("seed", record.Options.Seed);
        json.WriteNumber("topics", model.Topics.Count);
        json.WriteNumber("terms", model.Vocabulary.Count);
        json.WriteNumber("documents", record.Documents);
        json.WriteNumber("tokens", record.Tokens);
        json.WriteString("e_step", FitWords.NameOf(record.Options.EStep));
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
            json.WriteBoolean("fell", FitWords.Fell(iteration));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
