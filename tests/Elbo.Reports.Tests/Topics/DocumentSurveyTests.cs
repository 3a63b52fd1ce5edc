using System.Globalization;
using System.Text.Json;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Reports.Pages;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class DocumentSurveyTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Correlations_are_Pearsons()
    {
        var random = new Philox(6);
        double[][] documents = [.. Enumerable.Range(0, 50).Select(_ =>
        {
            var shares = new double[4];
            random.NextDirichlet([0.3, 0.4, 1, 2], shares);
            return shares;
        })];
        var moments = new ShareMoments([0.1, 0.1, 0.3, 0.5]);
        foreach (double[] document in documents) moments.Add(document);
        for (int a = 0; a < 4; a++)
        {
            for (int b = 0; b < 4; b++)
            {
                double[] x = [.. documents.Select(document => document[a] - documents.Average(all => all[a]))], y = [.. documents.Select(document => document[b] - documents.Average(all => all[b]))];
                Assert.Equal(x.Zip(y).Sum(pair => pair.First * pair.Second) / Math.Sqrt(x.Sum(value => value * value) * y.Sum(value => value * value)), moments.Correlation(a, b)!.Value, 1e-12);
            }
        }
        var same = new ShareMoments([0.5, 0.5]);
        same.Add([0.5, 0.5]);
        Assert.Null(same.Correlation(0, 1));
    }

    [Fact]
    public void Short_documents_come_last_however_much_they_have_of_a_topic()
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(4));
        for (int document = 0; document < 9; document++) builder.Add([(0, 10 + document), (2, 2)]);
        for (int document = 0; document < 9; document++) builder.Add([(0, 9)]);
        for (int document = 0; document < 9; document++) builder.Add([]);
        TopicModel model = TopicCases.Model([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]);
        DocumentSurvey survey = DocumentSurvey.Run(model, builder.Build(), new TopicReportOptions { Threads = 1 }, Cancellation);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1, 0, 9], survey.TopOf(0).Select(document => document.Document));
        Assert.Equal((27, 9), (survey.Documents, survey.EmptyDocuments));
    }

    [Fact]
    public void The_sample_has_its_size_and_any_document_may_be_in_it()
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(2));
        for (int document = 0; document < 2000; document++) builder.Add([(document % 2, 12)]);
        Corpus corpus = builder.Build();
        TopicModel model = TopicCases.Model([[1, 0], [0, 1]]);
        var times = new int[2000];
        for (ulong seed = 0; seed < 20; seed++)
        {
            IReadOnlyList<DocumentTopics> shown = DocumentSurvey.Run(model, corpus, new TopicReportOptions { Threads = 1, Seed = seed }, Cancellation).Shown();
            Assert.InRange(shown.Count, DocumentSurvey.SampledDocuments, DocumentSurvey.SampledDocuments + 20);
            Assert.Equal(shown.Select(document => document.Document).Distinct().Order(), shown.Select(document => document.Document));
            foreach (DocumentTopics document in shown) times[document.Document]++;
        }
        // Each is in a sample with chance 1/4: of 2,000 documents about 6 are in none of 20, and the first thousand have the 20 top ones and 245 of the sample, ± 2 on average.
        Assert.InRange(times.Count(time => time == 0), 0, 30);
        Assert.InRange(times.Take(1000).Sum() / 20.0, 255, 275);
    }

    [Fact]
    public void Labels_that_are_names_are_the_most_frequent_in_ordinal_order()
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(2));
        for (int document = 0; document < 60; document++)
            for (int copy = 0; copy <= document; copy++) builder.Add([(copy % 2, 1)], label: $"{(char)('a' + document % 26)}{document}");
        LabelTrend trend = TopicReport.Create(TopicCases.Model([[1, 0], [0, 1]]), new() { Corpus = builder.Build(), Threads = 1 }, Cancellation).Page.Trend!;
        Assert.False(trend.IsNumeric);
        Assert.Equal((40, 20), (trend.Labels.Length, trend.Omitted));
        Assert.Equal(Enumerable.Range(20, 40).Select(document => $"{(char)('a' + document % 26)}{document}").Order(StringComparer.Ordinal), trend.Labels);
    }

    [Fact]
    public void Years_are_in_the_order_of_numbers()
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(2));
        foreach (string year in new[] { "1000", "-44", "999", "1999.5" }) builder.Add([(0, 1)], label: year);
        LabelTrend trend = TopicReport.Create(TopicCases.Model([[1, 0], [0, 1]]), new() { Corpus = builder.Build(), Threads = 1 }, Cancellation).Page.Trend!;
        Assert.Equal(["-44", "999", "1000", "1999.5"], trend.Labels);
        Assert.True(trend.IsNumeric);
    }

    [Fact]
    public void Numbers_of_the_page_have_five_digits_and_bounds_have_all()
    {
        (Corpus corpus, _) = TopicCases.Texts(12);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 3, EStep = TopicEStep.MeanField }, cancellationToken: Cancellation);
        TopicReport report = TopicReport.Create(model, new() { Corpus = corpus, Threads = 1 }, Cancellation);
        JsonElement page = JsonSerializer.SerializeToElement(report.Page, PageJson.Default.TopicPage);
        Assert.Equal(double.Parse(model.Record.Prevalence[0].ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), page.GetProperty("topics")[0].GetProperty("share").GetDouble());
        Assert.True(page.GetProperty("documents")[0].GetProperty("shares")[0].GetRawText().Length <= 8);
        Assert.Equal(model.Bound, page.GetProperty("trust").GetProperty("trace").GetProperty("objective").EnumerateArray().Last().GetDouble());
        ReportTable topics = report.Tables.Single(table => table.Name == "topics");
        Assert.Equal(model.Record.Prevalence, topics.Rows.Select(row => (double)row[3]!));
        Assert.All(report.Tables, table => Assert.All(table.Rows, row =>
        {
            Assert.Equal(table.Columns.Count, row.Length);
            for (int column = 0; column < row.Length; column++) Assert.True(row[column] is null || row[column]!.GetType() == table.Columns[column].Type, $"{table.Name}: {table.Columns[column].Name}");
        }));
    }

    [Fact]
    public void The_arrays_for_LDAvis_fit_together()
    {
        var builder = new CorpusBuilder(new Vocabulary(["3", "0", "no", "1"]));
        builder.Add([(0, 2), (1, 1), (2, 4)]);
        builder.Add([]);
        Corpus corpus = builder.Build();
        TopicModel model = TopicCases.Model([[0.5, 0.25, 0.25, 0], [0, 0, 0.5, 0.5]]);
        string path = Path.GetTempFileName();
        try
        {
            TopicReport.Create(model, new() { Corpus = corpus, Threads = 1 }, Cancellation).SaveLdavis(path, Cancellation);
            JsonElement arrays = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
            Assert.Equal(["0", "3"], arrays.GetProperty("vocab").EnumerateArray().Select(term => term.GetString()));
            Assert.Equal([1, 2], arrays.GetProperty("term_frequency").EnumerateArray().Select(count => count.GetInt64()));
            Assert.Equal([3, 0], arrays.GetProperty("doc_lengths").EnumerateArray().Select(count => count.GetInt64()));
            Assert.Equal([1, 0, 0, 1], arrays.GetProperty("topic_term_dists").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble()));
            Assert.Equal(model.Infer(corpus).SelectMany(document => document.Proportions), arrays.GetProperty("doc_topic_dists").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble()));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<InvalidOperationException>(() => TopicReport.Create(model, cancellationToken: Cancellation).SaveLdavis(path, Cancellation));
    }
}
