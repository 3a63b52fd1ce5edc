using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Reports.Fits;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class TopicWarningsTests
{
    static readonly double[][] Apart = [[0.5, 0.5, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0, 0], [0, 0, 0, 0, 0.5, 0.5]];

    static IReadOnlyList<ReportWarning> Of(TopicModel model, Corpus? corpus = null) =>
        TopicReport.Create(model, new() { Corpus = corpus, Threads = 1 }, TestContext.Current.CancellationToken).Page.Warnings;

    [Fact]
    public void A_model_without_faults_has_no_warning() => Assert.Empty(Of(TopicCases.Model(Apart)));

    [Fact]
    public void Unused_topics_are_counted_and_K_is_said_to_be_too_large()
    {
        ReportWarning warning = Assert.Single(Of(TopicCases.Model(Apart, [0.8, 0.19, 0.01])));
        Assert.Equal("unused", warning.Code);
        Assert.Equal([2], warning.Of);
        Assert.StartsWith("1 of 3 topics is unused (2): each explains less than 1.7% of the words. K is too large: try 2 topics.", warning.Message, StringComparison.Ordinal);
        // Just above the threshold.
        Assert.Empty(Of(TopicCases.Model(Apart, [0.8, 0.18, 0.02])));
    }

    [Fact]
    public void Topics_of_the_same_words_are_one_warning_and_unused_ones_are_none()
    {
        double[] one = [0.5, 0.4, 0.1, 0, 0, 0], other = [0.4, 0.4, 0.1, 0.1, 0, 0];
        ReportWarning warning = Assert.Single(Of(TopicCases.Model([one, Apart[2], other, one], [0.3, 0.2, 0.3, 0.2])));
        Assert.Equal("duplicate", warning.Code);
        Assert.Equal([0, 2, 3], warning.Of);
        Assert.Contains("try 2 topics", warning.Message, StringComparison.Ordinal);
        Assert.Equal(["unused"], Of(TopicCases.Model([one, Apart[2], other, one], [0.49, 0.49, 0.01, 0.01])).Select(found => found.Code));
    }

    [Fact]
    public void A_topic_that_every_document_has_in_the_same_measure_is_boilerplate()
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(6));
        for (int document = 0; document < 40; document++) builder.Add([(0, 5), (1, 5), (2 + 2 * (document % 2), 6), (3 + 2 * (document % 2), 6)]);
        ReportWarning warning = Assert.Single(Of(TopicCases.Model(Apart, [10.0 / 22, 6.0 / 22, 6.0 / 22], [200, 200, 120, 120, 120, 120]), builder.Build()));
        Assert.Equal(("boilerplate", 0), (warning.Code, Assert.Single(warning.Of)));
        Assert.StartsWith("Topic 0 is in 100.0% of the documents", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_of_the_words_of_all_text_is_boilerplate()
    {
        double[] all = [0.2, 0.2, 0.15, 0.15, 0.15, 0.15];
        ReportWarning warning = Assert.Single(Of(TopicCases.Model([Apart[0], Apart[1], Apart[2], all], [0.3, 0.2, 0.2, 0.3], [40, 40, 30, 30, 30, 30])));
        Assert.Equal(("boilerplate", 3), (warning.Code, Assert.Single(warning.Of)));
    }

    [Fact]
    public void Unknown_words_and_empty_documents_are_counted()
    {
        var builder = new CorpusBuilder(new Vocabulary(["0", "2", "4", "no", "never"]));
        for (int document = 0; document < 30; document++) builder.Add([(document % 3, 10), (3, 2)]);
        builder.Add([(4, 1)]);
        builder.Add([]);
        IReadOnlyList<ReportWarning> warnings = Of(TopicCases.Model(Apart), builder.Build());
        Assert.Equal(["unknown-words", "empty-documents"], warnings.Select(warning => warning.Code));
        Assert.StartsWith("16.9% of the words", warnings[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("2 of 32 documents have no word", warnings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_start_leaves_agreement_unknown()
    {
        ReportWarning warning = Assert.Single(Of(Fitted(StopReason.Converged, [Trace("guarded", -1000)])));
        Assert.Equal("one-start", warning.Code);
        Assert.Contains("not known", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_that_end_far_below_the_best_disagree()
    {
        // 21 tokens: a twentieth of a nat is 0.0024 a token, one nat is 0.048.
        Assert.Empty(Of(Fitted(StopReason.Converged, [Trace("guarded", -1000), Trace("guarded", -1000.05), Trace("guarded", -1001)])));
        ReportWarning warning = Assert.Single(Of(Fitted(StopReason.Converged, [Trace("guarded", -1000), Trace("guarded", -1001), Trace("guarded", -1002)])));
        Assert.Equal("starts-disagree", warning.Code);
        Assert.Contains("0.0476 nats per token below it, the last 0.0952", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_that_has_not_converged_says_how_much_the_bound_still_changed()
    {
        ReportWarning warning = Of(Fitted(StopReason.IterationLimit, [Trace("guarded", -1010, -1000)]))[0];
        Assert.Equal("not-converged", warning.Code);
        Assert.Contains("changed the bound by 10.00 nats", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_fell_in_the_end_is_told_and_one_that_fell_before_a_certified_end_is_not()
    {
        Assert.Equal(["bound-fell", "one-start"], Of(Fitted(StopReason.Converged, [Trace("cold", -1000, -1003, -1002)])).Select(warning => warning.Code));
        IReadOnlyList<Iteration> certified = [.. Trace("cold", -1000, -1003), .. Trace("guarded", -1000, -999)];
        Assert.Equal(["one-start"], Of(Fitted(StopReason.Converged, [certified])).Select(warning => warning.Code));
    }

    static TopicModel Fitted(StopReason reason, IReadOnlyList<IReadOnlyList<Iteration>> traces) =>
        TopicCases.Model(Apart, record: TopicCases.Record() with { StopReason = reason, Traces = traces, Bound = traces[0][^1].Objective });

    static IReadOnlyList<Iteration> Trace(string segment, params double[] objectives) => [.. objectives.Select((objective, number) => new Iteration
    {
        Number = number,
        Segment = segment,
        Guarantee = segment == "cold" ? Guarantee.None : Guarantee.Bound,
        Own = new HalfStep(objective, 0, 0, null),
        Terms = default,
        Scale = 1,
        Change = number == 0 ? null : objective - objectives[number - 1],
        Elapsed = default,
    })];
}
