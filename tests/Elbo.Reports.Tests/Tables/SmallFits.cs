using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.HiddenMarkov;
using Elbo.Mixtures;
using Elbo.Observations;
using Elbo.Tests;
using Elbo.Text;

namespace Elbo.Reports.Tests.Tables;

/// <summary>A model with the rows that it was fitted to.</summary>
sealed record SmallFit(FittedModel Model, TableSchema Schema, ObservationTable Table);

/// <summary>Small fits, each made once.</summary>
static class SmallFits
{
    static readonly Lazy<Task<SmallFit>>
        FaithfulFit = new(() => FitAsync("faithful.csv", new() { Components = 2, Restarts = 3 })),
        IrisFit = new(() => FitAsync("iris.csv", new() { Components = 3 }, new() { Labels = "Species" })),
        EarthquakesFit = new(() => FitAsync("earthquakes.csv", new() { Structure = LatentStructure.HiddenMarkov, Components = 2, Family = new() { Name = "poisson" } }, new() { Values = ["count"] })),
        CarcinomaFit = new(() => FitAsync("carcinoma.csv", new() { Components = 2, Family = new() { Name = "categorical" } }, new() { Categories = CategoryReading.All }));

    /// <summary>Old Faithful, two Gaussians.</summary>
    public static Task<SmallFit> Faithful => FaithfulFit.Value;

    /// <summary>Iris, three Gaussians with names, the labels of all rows known.</summary>
    public static Task<SmallFit> Iris => IrisFit.Value;

    /// <summary>Earthquakes, a hidden Markov model of two Poisson states.</summary>
    public static Task<SmallFit> Earthquakes => EarthquakesFit.Value;

    /// <summary>Carcinoma, two latent classes.</summary>
    public static Task<SmallFit> Carcinoma => CarcinomaFit.Value;

    /// <summary>A mixture of given parameters: its rows pass through one E-step, and nothing moves.</summary>
    public static async Task<SmallFit> GivenAsync<TComponents>(ObservationTable table, string family, double[] weights, TComponents components) where TComponents : class, IComponents<TComponents> =>
        new(await Estimator.FitAsync(table, new() { Family = new() { Name = family }, Components = weights.Length, MaximumIterations = 0 },
            GivenStart.FromParameters(TensorSet.Of(new MixtureParameters<TComponents>(weights, components))), cancellationToken: TestContext.Current.CancellationToken), new(), table);

    /// <summary>The same for a hidden Markov model.</summary>
    public static async Task<SmallFit> GivenAsync<TComponents>(ObservationTable table, string family, double[] initial, double[] transitions, TComponents components) where TComponents : class, IComponents<TComponents> =>
        new(await Estimator.FitAsync(table, new() { Structure = LatentStructure.HiddenMarkov, Family = new() { Name = family }, Components = initial.Length, MaximumIterations = 0 },
            GivenStart.FromParameters(TensorSet.Of(new HiddenMarkovParameters<TComponents>(initial, transitions, components))), cancellationToken: TestContext.Current.CancellationToken), new(), table);

    /// <summary>One column of a table.</summary>
    public static ObservationTable Column(ObservationTable table, int column) =>
        new([.. Enumerable.Range(0, table.RowCount).Select(row => table.Row(row)[column])], 1, [table.ColumnNames[column]]);

    static async Task<SmallFit> FitAsync(string file, FitOptions options, ObservationColumns? columns = null)
    {
        ObservationData data = ObservationFile.Read(SmallTables.PathOf(file), columns);
        ObservationTable table = data.Labels.Count == 0 ? data.Table : data.Table.WithLabels([.. data.Labels], options.Components);
        return new(await Estimator.FitAsync(table, options), new() { Categories = data.Categories.All(names => names is null) ? [] : data.Categories, ComponentNames = data.LabelNames }, data.Table);
    }
}
