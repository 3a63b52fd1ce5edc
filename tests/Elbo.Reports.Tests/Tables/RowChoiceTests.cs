using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Tables;

namespace Elbo.Reports.Tests.Tables;

public sealed class RowChoiceTests
{
    [Fact]
    public async Task AllRowsAreShownWhereThereIsRoom()
    {
        SmallFit fit = await SmallFits.Faithful;
        RowEntries rows = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page.Rows!;
        Prediction prediction = fit.Model.Predict(fit.Table);
        Assert.Equal(Enumerable.Range(1, 272), rows.Number);
        Assert.Equal(272, rows.Drawn);
        for (int row = 0; row < 272; row++)
        {
            Assert.Equal(prediction.MostLikely(row), rows.Component[row]);
            Assert.Equal(prediction.Uncertainty(row), rows.Uncertainty[row], 1e-4 * prediction.Uncertainty(row));
            Assert.Equal(prediction.LogDensities[row], rows.LogDensity[row]!.Value, 1e-5);
            for (int k = 0; k < 2; k++) Assert.Equal(prediction.Of(row)[k], rows.Responsibilities[k][row], 1e-6);
        }
        Assert.Equal(fit.Model.LogLikelihood(fit.Table), rows.LogLikelihood!.Value);
        Assert.Equal(rows.Uncertainty.Max(), rows.SortedUncertainty[0]);
        Assert.Equal(rows.Uncertainty.Min(), rows.SortedUncertainty[^1]);
    }

    [Fact]
    public async Task RowsAreDrawnBySeedAndTheLeastCertainOnesAreAlwaysThere()
    {
        SmallFit fit = await SmallFits.Faithful;
        RowEntries Draw(ulong seed) => TableReport.Create(fit.Model, fit.Schema, fit.Table, new() { Rows = 50, Seed = seed }).Page.Rows!;
        RowEntries rows = Draw(1), again = Draw(1), other = Draw(2);
        Assert.Equal(50, rows.Drawn);
        Assert.Equal(rows.Number, again.Number);
        Assert.NotEqual(rows.Number[..50], other.Number[..50]);
        Assert.Equal(rows.Number.Length, rows.Number.Distinct().Count());
        Prediction prediction = fit.Model.Predict(fit.Table);
        IEnumerable<int> leastCertain = Enumerable.Range(0, 272).OrderByDescending(prediction.Uncertainty).Take(100).Select(row => row + 1);
        Assert.Empty(leastCertain.Except(rows.Number));
        Assert.Contains("50 of 272 rows", rows.Choice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SequencesAreDrawnWholeAndTheLastIsCut()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        int[] lengths = [40, 30, 20, 10, 7];
        ObservationTable table = fit.Table.WithSequences(lengths);
        RowEntries rows = TableReport.Create(fit.Model, fit.Schema, table, new() { Rows = 60, SequenceNames = ["a", "b", "c", "d", "e"] }).Page.Rows!;
        Assert.Equal(60, rows.Drawn);
        Assert.Equal(60, rows.Sequences!.Sum(sequence => sequence.Length));
        Assert.InRange(rows.Sequences!.Count(sequence => sequence.Length < sequence.Total), 0, 1);
        Prediction prediction = fit.Model.Predict(table);
        foreach (SequenceEntry sequence in rows.Sequences!)
        {
            int number = "abcde".IndexOf(sequence.Name, StringComparison.Ordinal), first = lengths[..number].Sum();
            Assert.Equal(lengths[number], sequence.Total);
            for (int step = 0; step < sequence.Length; step++)
            {
                Assert.Equal(first + step + 1, rows.Number[sequence.First + step]);
                Assert.Equal(prediction.Path![first + step], rows.State![sequence.First + step]);
            }
        }
    }

    [Fact]
    public async Task AMillionRowsMakeAPageOfAFewMegabytes()
    {
        SmallFit fit = await SmallFits.Faithful;
        ObservationTable table = fit.Model.Draw([1_000_000], 3).Table;
        TableReport report = TableReport.Create(fit.Model, fit.Schema, table);
        using var page = new SavedPage(report);
        Assert.InRange(new FileInfo(page.File).Length, 1_200_000, 3_000_000);
        // What sums rows up is of all rows.
        Assert.Equal(1_000_000, report.Page.Components.Sum(component => component.Weight)!.Value, 1e-3);
        Assert.Equal(1_000_000, report.Page.Components.Sum(component => component.Rows));
    }

    [Fact]
    public async Task WrongOptionsAreRefused()
    {
        SmallFit fit = await SmallFits.Faithful;
        Assert.Throws<ArgumentOutOfRangeException>(() => TableReport.Create(fit.Model, fit.Schema, fit.Table, new() { Rows = 0 }));
        Assert.Contains("2 names for 1 sequences", Assert.Throws<ArgumentException>(() => TableReport.Create(fit.Model, fit.Schema, fit.Table, new() { SequenceNames = ["a", "b"] })).Message, StringComparison.Ordinal);
    }
}
