using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

public sealed class FittedModelFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("elbo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Rows that every family takes: 0 and 1 in two columns, or a positive number.</summary>
    static ObservationTable TableFor(string family)
    {
        var random = new Philox(11);
        int columns = family is "bernoulli" or "categorical" or "multinomial" or "gaussian" or "regression" ? 2 : 1;
        double[] values = [.. Enumerable.Range(0, 60 * columns).Select(i => family switch
        {
            "bernoulli" or "categorical" => random.NextInt32(2),
            "poisson" or "multinomial" => 1 + random.NextInt32(i / columns % 2 == 0 ? 4 : 20),
            _ => 0.1 + random.NextDouble() * (i / columns % 2 == 0 ? 1 : 5),
        })];
        return new ObservationTable(values, columns).WithSequences(25, 35);
    }

    static Task<FittedModel> FitAsync(string family, LatentStructure structure, Func<FitOptions, FitOptions>? change = null)
    {
        var options = new FitOptions { Structure = structure, Family = new FamilyOptions { Name = family }, Components = 2, Restarts = 2, MaximumIterations = 8 };
        return Estimator.FitAsync(TableFor(family), change?.Invoke(options) ?? options, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, LatentStructure> FamiliesAndStructures()
    {
        var data = new TheoryData<string, LatentStructure>();
        foreach (string family in FamilyCatalog.Names)
            foreach (LatentStructure structure in Enum.GetValues<LatentStructure>()) data.Add(family, structure);
        return data;
    }

    [Theory]
    [MemberData(nameof(FamiliesAndStructures))]
    public async Task Save_and_load_predicts_the_same_bits(string family, LatentStructure structure)
    {
        FittedModel model = await FitAsync(family, structure);
        FittedModelFile.Save(model, PathOf("m.elbo"));
        (FittedModel loaded, TableSchema schema) = FittedModelFile.Load(PathOf("m.elbo"));

        ObservationTable table = TableFor(family);
        Assert.Equal(model.Predict(table).Responsibilities, loaded.Predict(table).Responsibilities);
        Assert.Equal(model.Predict(table).Path, loaded.Predict(table).Path);
        Assert.Equal(model.LogLikelihood(table), loaded.LogLikelihood(table));
        Assert.Equal(model.Family.Settings, loaded.Family.Settings);
        Assert.Equal(model.Record.Options with { Threads = 1 }, loaded.Record.Options with { Threads = 1 });
        Assert.Equal((model.Record.LogLikelihood, model.Record.Objective, model.Record.FreeParameters, model.Record.AssignmentEntropy, model.Record.StopReason, model.Record.Rows),
            (loaded.Record.LogLikelihood, loaded.Record.Objective, loaded.Record.FreeParameters, loaded.Record.AssignmentEntropy, loaded.Record.StopReason, loaded.Record.Rows));
        Assert.Equal(model.Record.Traces[1].Select(iteration => iteration with { Elapsed = default }), loaded.Record.Traces[1]);
        Assert.Equal(model.Record.ColumnNames, loaded.Record.ColumnNames);
        Assert.Empty(schema.ComponentNames);

        FittedModelFile.Save(loaded, PathOf("again.elbo"), schema);
        Assert.Equal(File.ReadAllBytes(PathOf("m.elbo")), File.ReadAllBytes(PathOf("again.elbo")));
    }

    [Fact]
    public async Task Priors_rules_notes_and_names_come_back()
    {
        FittedModel model = await FitAsync("poisson", LatentStructure.Mixture, options => options with
        {
            Family = new FamilyOptions { Name = "poisson", Prior = true, Noise = true },
            Components = 3,
            Stop = StoppingRule.Aitken(1e-7) | StoppingRule.ParameterNorm(1e-3),
            Acceleration = Acceleration.Squarem,
            WeightConcentration = 1.5,
            ShortIterations = 3,
            TimeLimit = TimeSpan.FromHours(1),
            Degeneracy = DegeneracyPolicy.Drop,
        });
        var record = model.Record with { Notes = ["one", "two\nlines"], Degeneracies = [new Degeneracy(1, 7, DegeneracyCause.Duplicates, "all the same")] };
        FittedModel noted = Estimator.Restore(model.Family, model.Parameters, record);
        var schema = new TableSchema { Categories = [["a, b", "ü\n"]], ComponentNames = ["few", "many", "none"], SequenceColumn = "walk" };
        FittedModelFile.Save(noted, PathOf("m.elbo"), schema);
        (FittedModel loaded, TableSchema read) = FittedModelFile.Load(PathOf("m.elbo"));
        Assert.Equal(record.Options, loaded.Record.Options);
        Assert.Equal(record.Notes, loaded.Record.Notes);
        Assert.Equal(record.Degeneracies, loaded.Record.Degeneracies);
        Assert.Equal(schema.Categories[0], read.CategoriesOf(0));
        Assert.Equal(schema.ComponentNames, read.ComponentNames);
        Assert.Equal("walk", read.SequenceColumn);
    }

    [Fact]
    public async Task A_family_of_ones_own_is_made_by_the_caller()
    {
        FittedModel model = await FitAsync("poisson", LatentStructure.Mixture);
        FittedModelFile.Save(model, PathOf("m.elbo"));
        string? asked = null;
        FittedModelFile.Load(PathOf("m.elbo"), (name, settings) =>
        {
            asked = name;
            return FamilyCatalog.Read(name, settings);
        });
        Assert.Equal("poisson", asked);
    }

    [Fact]
    public async Task A_file_cut_at_any_byte_is_an_error_that_names_it()
    {
        FittedModel model = await FitAsync("poisson", LatentStructure.Mixture, options => options with { Restarts = 1, MaximumIterations = 1 });
        FittedModelFile.Save(model, PathOf("m.elbo"));
        byte[] bytes = File.ReadAllBytes(PathOf("m.elbo"));
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(PathOf("cut.elbo"), bytes[..length]);
            var error = Assert.Throws<InvalidDataException>(() => FittedModelFile.Load(PathOf("cut.elbo")));
            Assert.Contains(PathOf("cut.elbo"), error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(FamiliesAndStructures))]
    public async Task A_flipped_byte_is_an_error_or_another_model_but_never_a_crash(string family, LatentStructure structure)
    {
        FittedModel model = await FitAsync(family, structure, options => options with { Restarts = 1, MaximumIterations = 1 });
        FittedModelFile.Save(model, PathOf("m.elbo"));
        byte[] bytes = File.ReadAllBytes(PathOf("m.elbo"));
        ObservationTable table = TableFor(family);
        Philox random = new(3);
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] copy = [.. bytes];
            copy[random.NextInt32(copy.Length)] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(PathOf("broken.elbo"), copy);
            try
            {
                FittedModel loaded = FittedModelFile.Load(PathOf("broken.elbo")).Model;
                Assert.Equal(table.RowCount * loaded.Components, loaded.Predict(table).Responsibilities.Length);
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(PathOf("broken.elbo"), error.Message, StringComparison.Ordinal);
            }
        }
    }
}
