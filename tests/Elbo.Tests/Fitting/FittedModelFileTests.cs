using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;
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
        using var stream = new MemoryStream();
        FittedModelFile.Save(FittedModelFile.Load(new MemoryStream(File.ReadAllBytes(PathOf("m.elbo"))), "m").Model, stream, schema);
        Assert.Equal(File.ReadAllBytes(PathOf("m.elbo")), stream.ToArray());
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

    [Theory]
    [InlineData("rows", "0")]
    [InlineData("total_weight", "0")]
    public async Task Rows_that_cannot_be_are_refused(string name, string value)
    {
        FittedModelFile.Save(await FitAsync("poisson", LatentStructure.Mixture), PathOf("m.elbo"));
        TensorFile file = ElboFile.Read(PathOf("m.elbo"), ElboFile.Model);
        ElboFile.Write(PathOf("forged.elbo"), ElboFile.Model, file.Tensors, new Dictionary<string, string>(file.Metadata) { [name] = value });
        var error = Assert.Throws<InvalidDataException>(() => FittedModelFile.Load(PathOf("forged.elbo")));
        Assert.Contains("it says that it was fitted to", error.Message, StringComparison.Ordinal);
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

    public static TheoryData<string, string, string> Forgeries() => new()
    {
        { "gaussian", "means 2 1, covariances 2 1 1", "The parameters are of 1 columns, and there are 2." },
        { "gaussian", "means 2 9, covariances 2 9 9", "The parameters are of 9 columns, and there are 2." },
        { "gaussian", "means 2 9, -covariances, variances 2 9", "The parameters are of 9 columns, and there are 2." },
        { "gaussian", "means 2 0, covariances 2 0 0", "Tensor 'means' is empty along axis 1." },
        { "gaussian", "means 0 2, covariances 0 2 2, weights 0", "Tensor 'means' is empty along axis 0." },
        { "student-t", "means 2 2, covariances 2 2 2", "The parameters are of 2 columns, and there are 1." },
        { "regression", "centres 2 5, slopes 2 5", "The parameters are of 6 columns, and there are 2." },
        { "regression", "centres 2 0, slopes 2 0", "Tensor 'slopes' is empty along axis 1." },
        { "poisson", "rates 2 3", "The parameters are of 3 columns, and there are 1." },
        { "poisson", "rates 2 0", "Tensor 'rates' is empty along axis 1." },
        { "exponential", "rates 2 0", "Tensor 'rates' is empty along axis 1." },
        { "gamma", "shapes 2 0, rates 2 0", "Tensor 'shapes' is empty along axis 1." },
        { "bernoulli", "probabilities 2 0 2", "Tensor 'probabilities' is empty along axis 1." },
        { "bernoulli", "probabilities 2 1 2", "The parameters are of 1 columns, and there are 2." },
        { "multinomial", "probabilities 2 0", "Tensor 'probabilities' is empty along axis 1." },
        { "multinomial", "probabilities 2 4", "The parameters are of 4 columns, and there are 2." },
        { "categorical", "#categories 1, probabilities/0 2 1", "The parameters are of 1 columns, and there are 2." },
        { "categorical", "#categories 2, probabilities/0 2 1, probabilities/1 2 1", "The family has columns of 2, 2 categories, and the components of 1, 1." },
    };

    /// <summary>Tensors that are right in themselves, but not of this model's columns: what kernels would read beyond a row's end.</summary>
    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Tensors_that_do_not_fit_the_columns_are_refused(string family, string forged, string message)
    {
        FittedModelFile.Save(await FitAsync(family, LatentStructure.Mixture, options => options with { Restarts = 1, MaximumIterations = 1 }), PathOf("m.elbo"));
        TensorFile file = ElboFile.Read(PathOf("m.elbo"), ElboFile.Model);
        Dictionary<string, NamedTensor> tensors = file.Tensors.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (string[] words in forged.Split(", ").Select(one => one.Split(' ')))
        {
            string name = $"parameters/{words[0].TrimStart('-', '#')}";
            long[] shape = [.. words[1..].Select(long.Parse)];
            int count = (int)shape.Aggregate(1L, (product, length) => product * length);
            tensors.Remove(name);
            // Identity matrices, distributions of equal probabilities, or ones.
            Array values = words[0][0] == '#' ? Enumerable.Repeat(1, count).ToArray() : Enumerable.Range(0, count).Select(i =>
                words[0] == "covariances" ? i % (shape[1] * shape[2]) % (shape[1] + 1) == 0 ? 1.0 : 0 : words[0].StartsWith("prob", StringComparison.Ordinal) ? 1.0 / shape[^1] : 1).ToArray();
            if (words[0][0] != '-') tensors[name] = new NamedTensor(name, shape, values, TensorConstraint.Fixed);
        }
        var set = new TensorSet();
        foreach (NamedTensor tensor in tensors.Values) set.Add(tensor);
        ElboFile.Write(PathOf("forged.elbo"), ElboFile.Model, set, file.Metadata);

        var error = Assert.Throws<InvalidDataException>(() => FittedModelFile.Load(PathOf("forged.elbo")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
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
