using System.Globalization;
using System.Text.Json;
using Elbo.Fitting;
using Elbo.Tests;

namespace Elbo.Cli.Tests;

public sealed class TableModelTests : IDisposable
{
    /// <summary>mclust 6.0.0 and scikit-learn agree on Old Faithful with two full Gaussians.</summary>
    const double FaithfulLogLikelihood = -1130.263960184742;

    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static JsonElement Json(ToolRun run) => JsonDocument.Parse(run.Output).RootElement;

    [Fact]
    public async Task AMixtureGoesThroughEveryVerb()
    {
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "--tolerance", "1e-13", "-o", _tool["m.elbo"]);
        Assert.StartsWith("seed 1\n", fit.Output, StringComparison.Ordinal);
        Assert.Contains("faithful.csv: 272 rows, 2 columns: eruptions, waiting", fit.Output, StringComparison.Ordinal);
        Assert.Contains("start 9  converged after", fit.Output, StringComparison.Ordinal);
        Assert.Contains("10 starts reached this objective", fit.Output, StringComparison.Ordinal);
        Assert.Contains("(11 free parameters)", fit.Output, StringComparison.Ordinal);
        Assert.Contains("BIC 2,322.19 ", fit.Output, StringComparison.Ordinal);
        Assert.Contains("the objective never fell", fit.Output, StringComparison.Ordinal);
        Assert.Empty(fit.Error);

        ToolRun info = await ToolFixture.SucceedAsync("info", _tool["m.elbo"]);
        Assert.Contains("model: mixture of the family gaussian, 2 components, columns eruptions, waiting", info.Output, StringComparison.Ordinal);
        Assert.Contains("fitted to 272 rows (weight 272); seed 1", info.Output, StringComparison.Ordinal);
        Assert.Contains("  stop = relative:1E-13\n", info.Output, StringComparison.Ordinal);

        ToolRun predict = await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], SmallTables.Faithful, "-o", _tool["rows.csv"]);
        string[] rows = File.ReadAllLines(_tool["rows.csv"]);
        Assert.Equal("row,component,uncertainty,log_density,responsibility_0,responsibility_1", rows[0]);
        Assert.Equal(273, rows.Length);
        double sum = rows.Skip(1).Sum(row => double.Parse(row.Split(',')[3], CultureInfo.InvariantCulture));
        Assert.Equal(FaithfulLogLikelihood, sum, 1e-8);
        Assert.Contains($"log-likelihood {FittedModelFile.Load(_tool["m.elbo"]).Model.LogLikelihood(Table()).ToString("R", CultureInfo.InvariantCulture)},", predict.Output, StringComparison.Ordinal);

        ToolRun sample = await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "-n", "50", "--seed", "3", "--with-component");
        string[] drawn = sample.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("eruptions,waiting,component", drawn[0]);
        Assert.Equal(51, drawn.Length);
        await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "-n", "50", "--seed", "3", "--with-component", "-o", _tool["drawn.csv"]);
        Assert.Equal(sample.Output, File.ReadAllText(_tool["drawn.csv"]));
        ToolRun again = await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], _tool["drawn.csv"], "--compare", "component", "--json");
        Assert.True(Json(again).GetProperty("adjusted_rand_index").GetDouble() > 0.9);
    }

    [Fact]
    public async Task JsonHasTheWholeFitWithAllDigits()
    {
        ToolRun run = await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "--tolerance", "1e-13", "-o", _tool["m.elbo"], "--json");
        JsonElement fit = Json(run);
        FittedModel model = FittedModelFile.Load(_tool["m.elbo"]).Model;
        Assert.Equal(model.Record.LogLikelihood, fit.GetProperty("log_likelihood").GetDouble());
        Assert.Equal(FaithfulLogLikelihood, fit.GetProperty("log_likelihood").GetDouble(), -FaithfulLogLikelihood * 1e-9);
        Assert.Equal(2322.1917431, fit.GetProperty("bic").GetDouble(), 1e-6);
        Assert.Equal(11, fit.GetProperty("free_parameters").GetInt32());
        Assert.Equal(10, fit.GetProperty("agreeing_starts").GetInt32());
        Assert.Equal("Converged", fit.GetProperty("stop_reason").GetString());
        Assert.Equal(["eruptions", "waiting"], fit.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(model.Record.Traces[model.Record.BestStart].Count, fit.GetProperty("trace").GetArrayLength());
        JsonElement parameters = fit.GetProperty("parameters");
        int small = parameters.GetProperty("weights")[0].GetDouble() < 0.5 ? 0 : 1;
        Assert.Equal(0.3558728, parameters.GetProperty("weights")[small].GetDouble(), 1e-6);
        Assert.Equal(54.4785164, parameters.GetProperty("means")[small][1].GetDouble(), 1e-5);
        Assert.Equal(33.69728, parameters.GetProperty("covariances")[small][1][1].GetDouble(), 1e-4);
        Assert.Contains("log-likelihood ", run.Error, StringComparison.Ordinal);

        JsonElement info = Json(await ToolFixture.SucceedAsync("info", _tool["m.elbo"], "--json"));
        Assert.Equal("elbo-model", info.GetProperty("format").GetString());
        Assert.Equal("mixture", info.GetProperty("kind").GetString());
        Assert.Equal(fit.GetProperty("log_likelihood").GetDouble(), info.GetProperty("log_likelihood").GetDouble());
    }

    [Theory]
    [InlineData("gmm", "--covariance", "tied")]
    [InlineData("mixture", "--family", "poisson", "--columns", "waiting")]
    [InlineData("hmm", "--family", "gaussian", "--max-iterations", "20")]
    public async Task TheModelHasTheSameBytesForAnyNumberOfThreads(params string[] fit)
    {
        var models = new List<byte[]>();
        foreach (string threads in (string[])["1", "2", "3"])
        {
            await ToolFixture.SucceedAsync(["fit", fit[0], SmallTables.Faithful, .. fit[1..], "-k", "3", "--restarts", "3", "-o", _tool["m.elbo"], "--threads", threads, "--quiet"]);
            models.Add(_tool.Bytes("m.elbo"));
        }
        Assert.All(models, model => Assert.Equal(models[0], model));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task RowsAreTheSameInEveryFormat(string extension)
    {
        await ToolFixture.SucceedAsync("fit", "mixture", SmallTables.Faithful, "--family", "poisson", "--columns", "waiting", "-k", "2", "-o", _tool["m.elbo"]);
        await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], SmallTables.Faithful, "-o", _tool[$"rows.{extension}"]);
        // What was written is a table too: its uncertainties are read back and printed again.
        await ToolFixture.SucceedAsync("fit", "mixture", _tool[$"rows.{extension}"], "--family", "poisson", "--columns", "component", "-k", "1", "-o", _tool["again.elbo"]);
        FittedModel model = FittedModelFile.Load(_tool["again.elbo"]).Model;
        Prediction prediction = FittedModelFile.Load(_tool["m.elbo"]).Model.Predict(Table("waiting"));
        double mean = Enumerable.Range(0, 272).Average(prediction.MostLikely);
        Assert.Equal(mean, ((double[])model.Parameters.Tensors.Single(tensor => tensor.Name == "rates").Values)[0], 1e-12);
    }

    [Fact]
    public async Task KnownLabelsStayAndNameTheComponents()
    {
        _tool.Write("t.csv", "n,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? 3 + i % 5 : 30 + i % 7)},{(i > 20 ? "" : i % 2 == 0 ? "few" : "many")}\n")));
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "mixture", _tool["t.csv"], "--family", "poisson", "--labels", "kind", "--compare", "kind", "-k", "2", "-o", _tool["m.elbo"]);
        Assert.Contains("0 few", fit.Output, StringComparison.Ordinal);
        Assert.Contains("1 many", fit.Output, StringComparison.Ordinal);
        Assert.Contains("adjusted Rand index with 'kind': 1.0000", fit.Output, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], _tool["t.csv"], "-o", _tool["rows.csv"]);
        string[] rows = File.ReadAllLines(_tool["rows.csv"]);
        Assert.StartsWith("1,0,few,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("60,1,many,", rows[60], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeightsCountRows()
    {
        _tool.Write("weighted.csv", "n,w\n1,3\n2,1\n9,2\n11,1\n");
        _tool.Write("rows.csv", "n\n1\n1\n1\n2\n9\n9\n11\n");
        await ToolFixture.SucceedAsync("fit", "mixture", _tool["weighted.csv"], "--family", "poisson", "--weights", "w", "-k", "2", "-o", _tool["a.elbo"], "--tolerance", "1e-12");
        await ToolFixture.SucceedAsync("fit", "mixture", _tool["rows.csv"], "--family", "poisson", "-k", "2", "-o", _tool["b.elbo"], "--tolerance", "1e-12");
        FitRecord weighted = FittedModelFile.Load(_tool["a.elbo"]).Model.Record, repeated = FittedModelFile.Load(_tool["b.elbo"]).Model.Record;
        Assert.Equal(repeated.LogLikelihood, weighted.LogLikelihood, 1e-8);
        Assert.Equal(repeated.Bic, weighted.Bic, 1e-8);
        Assert.Equal(7, weighted.TotalWeight);
    }

    [Fact]
    public async Task RulesAndAccelerationAreStoredInTheModel()
    {
        await ToolFixture.SucceedAsync("fit", "mixture", SmallTables.Faithful, "--family", "poisson", "--columns", "waiting", "-k", "2", "-o", _tool["m.elbo"],
            "--stop", "aitken:1e-9 or (parameters:1e-7 and relative:1e-9)", "--acceleration", "squarem", "--start", "random", "--restarts", "4", "--short-iterations", "5", "--weight-concentration", "2");
        FitOptions options = FittedModelFile.Load(_tool["m.elbo"]).Model.Record.Options;
        Assert.Equal(Engine.StoppingRule.Aitken(1e-9) | (Engine.StoppingRule.ParameterNorm(1e-7) & Engine.StoppingRule.RelativeObjective(1e-9)), options.Stop);
        Assert.Equal((Engine.Acceleration.Squarem, StartMethod.Random, 4, 5, 2.0), (options.Acceleration, options.Start, options.Restarts, options.ShortIterations, options.WeightConcentration));
        string info = (await ToolFixture.SucceedAsync("info", _tool["m.elbo"])).Output;
        Assert.Contains("  stop = aitken:1E-09 or parameters:1E-07 and relative:1E-09\n", info, StringComparison.Ordinal);
        Assert.Contains("(with the prior)", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASelectionShowsEveryModelAndWritesTheBest()
    {
        string[] select = ["select", SmallTables.Faithful, "-k", "1..3", "--covariances", "full,tied", "--restarts", "5", "-o", _tool["best.elbo"]];
        ToolRun run = await ToolFixture.SucceedAsync(select);
        string[] lines = run.Output.Split('\n');
        Assert.Equal(["model", "log-likelihood", "parameters", "AIC", "BIC", "ICL"], Cells(lines[2]));
        Assert.Equal(["gaussian full, 2", "−1130.2640", "11", "2,282.53", "2,322.19"], Cells(lines[4])[..5]);
        Assert.Equal(["gaussian tied, 3", "−1126"], [Cells(lines[8])[0], Cells(lines[8])[1][..5]]);
        string best = lines.Single(line => line.StartsWith("best by BIC: ", StringComparison.Ordinal));
        JsonElement json = Json(await ToolFixture.SucceedAsync([.. select, "--json"]));
        JsonElement[] candidates = [.. json.GetProperty("candidates").EnumerateArray()];
        Assert.Equal(6, candidates.Length);
        JsonElement chosen = candidates[json.GetProperty("best").GetInt32()];
        Assert.Equal($"best by BIC: gaussian {chosen.GetProperty("covariance")}, {chosen.GetProperty("components")}", best);
        Assert.Equal(candidates.Where(candidate => candidate.GetProperty("trusted").GetBoolean()).Min(candidate => candidate.GetProperty("bic").GetDouble()), chosen.GetProperty("bic").GetDouble());
        FitRecord record = FittedModelFile.Load(_tool["best.elbo"]).Model.Record;
        Assert.Equal(chosen.GetProperty("log_likelihood").GetDouble(), record.LogLikelihood);
    }

    [Fact]
    public async Task DegenerateComponentsAreSaidWhereverTheFitIsShown()
    {
        _tool.Write("spike.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 90).Select(i => i < 30 ? "1,1\n" : $"{i * 7 % 31},{i * 11 % 37}\n")));
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", _tool["spike.csv"], "-k", "2", "-o", _tool["m.elbo"], "--quiet");
        Assert.Contains("elbo: warning: Component ", fit.Error, StringComparison.Ordinal);
        Assert.Contains("30 rows that are all the same", fit.Error, StringComparison.Ordinal);
        Assert.Contains("30 rows that are all the same", (await ToolFixture.SucceedAsync("info", _tool["m.elbo"])).Error, StringComparison.Ordinal);
        ToolRun select = await ToolFixture.SucceedAsync("select", _tool["spike.csv"], "-k", "1,2", "-o", _tool["best.elbo"]);
        Assert.Contains("not trusted: a component is degenerate", select.Output, StringComparison.Ordinal);
        Assert.Contains("best by BIC: gaussian full, 1", select.Output, StringComparison.Ordinal);

        ToolRun dropped = await ToolFixture.SucceedAsync("fit", "gmm", _tool["spike.csv"], "-k", "2", "--degeneracy", "drop", "-o", _tool["d.elbo"]);
        Assert.Contains("It was dropped; 1 are left.", dropped.Output, StringComparison.Ordinal);
        Assert.Equal(1, FittedModelFile.Load(_tool["d.elbo"]).Model.Components);

        ToolRun none = await ToolFixture.RunAsync("select", _tool["spike.csv"], "-k", "2", "-o", _tool["none.elbo"]);
        Assert.Equal(1, none.Code);
        Assert.Contains("no fit can be trusted", none.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tool["none.elbo"]));
    }

    [Fact]
    public async Task CategoriesAreReadAndDrawnByTheirNames()
    {
        _tool.Write("votes.csv", "party,vote\n" + string.Concat(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "left,yes\n" : i % 9 == 0 ? "right,absent\n" : "right,no\n")));
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "mixture", _tool["votes.csv"], "--family", "categorical", "-k", "2", "--start", "random", "--seed", "4", "-o", _tool["m.elbo"]);
        Assert.Contains("probabilities of vote:\ncomponent  absent      no     yes\n", fit.Output, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "-n", "40", "-o", _tool["drawn.csv"]);
        Assert.All(File.ReadAllLines(_tool["drawn.csv"])[1..], row => Assert.Matches("^(left|right),(yes|no|absent)$", row));
        await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], _tool["drawn.csv"]);
        _tool.Write("new.csv", "party,vote\nleft,yes\ngreen,yes\n");
        Assert.Contains("new.csv: row 2, column 'party' is 'green', which is none of the categories that the model knows: left, right.",
            await ToolFixture.FailAsync(1, "predict", _tool["m.elbo"], _tool["new.csv"]), StringComparison.Ordinal);
    }

    static Observations.ObservationTable Table(params string[] columns) =>
        Text.ObservationFile.Read(SmallTables.Faithful, new() { Values = columns.Length == 0 ? null : columns }, TestContext.Current.CancellationToken).Table;
}
