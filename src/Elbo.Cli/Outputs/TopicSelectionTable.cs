using System.Text.Json;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Selection;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Outputs;

/// <summary>The numbers of topics that were compared.</summary>
static class TopicSelectionTable
{
    /// <summary>A fit as one line, as soon as it is scored.</summary>
    public static void Say(TopicRestart restart, Reporter reporter) => reporter.Say(
        $"{Numbers.Plural(restart.Topics, "topic")}, seed {restart.Seed}: held-out {Numbers.PerToken(restart.HeldOut.Seen.PerToken)}/token, {FitWords.Describe(restart.StopReason)}");

    public static void Say(TopicSelectionResult result, string? path, Reporter reporter)
    {
        string coherence = FitWords.NameOf(result.Coherence);
        reporter.Say($"E-step {FitWords.NameOf(result.EStep.EStep)} for all ({result.EStep.Reason}); fitted to {Numbers.Plural(result.TrainingDocuments, "document")}, scored on {Numbers.Count(result.HeldOutDocuments)} others");
        reporter.Say($"{"topics",6}  {"fits",4}  {"held out/token",14}  {"spread",7}  {"best ELBO/token",15}  {coherence,8}  {"stability",9}  {"same terms",10}  {"diversity",9}");
        foreach (TopicCandidate candidate in result.Candidates)
        {
            string stability = candidate.Stability is { } agreement ? Numbers.Share(agreement.Overlap) : "", terms = candidate.Stability is { } same ? Numbers.Share(same.TermJaccard) : "";
            string spread = double.IsNaN(candidate.HeldOutSpread) ? "" : Numbers.PerToken(candidate.HeldOutSpread);
            reporter.Say($"{candidate.Topics,6}  {candidate.Restarts.Count,4}  {Numbers.PerToken(candidate.HeldOut),14}  {spread,7}  {Numbers.PerToken(candidate.Model.Bound / result.TrainingTokens),15}  "
                + $"{Numbers.PerToken(candidate.Coherence),8}  {stability,9}  {terms,10}  {Numbers.Share(candidate.Quality.Diversity),9}");
        }
        foreach (string sentence in result.Advice) reporter.Say(sentence);
        reporter.Say(TopicCoherence.Caution);
        if (path is not null)
            reporter.Say($"model: {path} ({Numbers.Plural(result.Recommended.Topics, "topic")}, seed {result.Recommended.Restarts[result.Recommended.Best].Seed}, fitted to the {Numbers.Plural(result.TrainingDocuments, "document")} that were not set aside)");
    }

    public static void Write(TopicSelectionResult result, string? path, Utf8JsonWriter json)
    {
        json.WriteBoolean("complete", result.IsComplete);
        json.WriteNumber("seed", result.Options.Fit.Seed);
        json.WriteString("e_step", FitWords.NameOf(result.EStep.EStep));
        json.WriteString("e_step_reason", result.EStep.Reason);
        json.WriteNumber("training_documents", result.TrainingDocuments);
        json.WriteNumber("training_tokens", result.TrainingTokens);
        json.WriteNumber("held_out_documents", result.HeldOutDocuments);
        json.WriteString("coherence_measure", TopicsTable.KeyOf(result.Coherence));
        json.WriteNumber("recommended", result.Recommended.Topics);
        json.WriteNumber("highest", result.Highest.Topics);
        json.WriteStartArray("comparable");
        foreach (TopicCandidate candidate in result.Comparable) json.WriteNumberValue(candidate.Topics);
        json.WriteEndArray();
        json.WriteStartArray("advice");
        foreach (string sentence in result.Advice) json.WriteStringValue(sentence);
        json.WriteEndArray();
        json.WriteString("caution", TopicCoherence.Caution);
        if (path is not null) json.WriteString("model", path);
        json.WriteStartArray("candidates");
        foreach (TopicCandidate candidate in result.Candidates) Write(candidate, json);
        json.WriteEndArray();
    }

    static void Write(TopicCandidate candidate, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("topics", candidate.Topics);
        json.WriteFinite("held_out_per_token", candidate.HeldOut);
        json.WriteFinite("held_out_spread", candidate.HeldOutSpread);
        json.WriteFinite("coherence", candidate.Coherence);
        json.WriteFinite("stability", candidate.Stability?.Overlap);
        json.WriteFinite("term_jaccard", candidate.Stability?.TermJaccard);
        json.WriteNumber("best", candidate.Best);
        json.WriteStartArray("restarts");
        foreach (TopicRestart restart in candidate.Restarts)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", restart.Seed);
            json.WriteFinite("bound", restart.Bound);
            json.WriteFinite("held_out_per_token", restart.HeldOut.Seen.PerToken);
            json.WriteNumber("held_out_tokens", restart.HeldOut.Seen.Tokens);
            json.WriteFinite("held_out_per_token_all", restart.HeldOut.All.PerToken);
            json.WriteNumber("held_out_tokens_all", restart.HeldOut.All.Tokens);
            json.WriteFinite("coherence", restart.Coherence);
            json.WriteString("stop_reason", restart.StopReason.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        TopicsTable.WriteMeans(candidate.Quality, json);
        json.WriteStartArray("best_topics");
        for (int topic = 0; topic < candidate.Quality.Topics.Count; topic++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", topic);
            json.WriteFinite("stability", candidate.Stability?.Topics[topic]);
            TopicsTable.Write(candidate.Quality.Topics[topic], json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
