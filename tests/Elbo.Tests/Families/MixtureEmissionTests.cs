using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.HiddenMarkov;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Families;

public sealed class MixtureEmissionTests
{
    /// <summary>Two states, each of two far lumps that no single Gaussian covers, in stretches of 25.</summary>
    static ObservationTable Lumps(int rows = 1000)
    {
        var random = new Philox(8);
        double[] values = [.. Enumerable.Range(0, rows).Select(i => (i / 25 % 2 == 0 ? 0 : 4) + (random.NextInt32(2) == 0 ? -10 : 10) + random.NextNormal())];
        return new ObservationTable(values, 1).WithSequences([.. Enumerable.Repeat(100, rows / 100)]);
    }

    static Task<FittedModel> FitAsync(ObservationTable table, FitOptions options, GivenStart? start = null) =>
        Estimator.FitAsync(table, options, start, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public void A_mixture_of_mixtures_is_one_mixture()
    {
        ObservationTable table = Lumps(200);
        var gaussian = new Gaussian(CovarianceStructure.Spherical, new VarianceFloor(1e-6));
        var parts = new GaussianComponents(CovarianceStructure.Spherical, [-10, 10, -6, 14, 0, 3], [1, 2, 1, 0.5, 30, 4], 1);
        double[] outer = [0.5, 0.2, 0.3], inner = [0.25, 0.75, 0.5, 0.5, 0.9, 0.1];
        double nested = Evidence(new MixtureEmission<GaussianComponents, GaussianStatistics>(gaussian, 2), table, new(outer, new(inner, parts, 3)));
        double flat = Evidence(gaussian, table, new MixtureParameters<GaussianComponents>([.. inner.Select((weight, i) => weight * outer[i / 2])], parts));
        Assert.Equal(flat, nested, 1e-10 * Math.Abs(flat));
    }

    static double Evidence<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, ObservationTable table, MixtureParameters<TComponents> at)
        where TComponents : class, IComponents<TComponents>
        where TStatistics : class, IStatistics<TStatistics>
    {
        var model = new MixtureModel<TComponents, TStatistics>(family);
        LocalBound bound = new MixtureEStep<TComponents, TStatistics>(family).Prepare(at).Accumulate(new ObservationBatch(table.Values, table.ColumnCount), model.CreateStatistics(at));
        return bound.LogEvidence!.Value;
    }

    [Fact]
    public async Task One_component_of_two_parts_reaches_what_two_components_reach()
    {
        ObservationTable table = Lumps();
        var options = new FitOptions { Restarts = 1, Stop = StoppingRule.RelativeObjective(1e-13), MaximumIterations = 5000 };
        FittedModel two = await FitAsync(table, options with { Components = 2 });
        FittedModel one = await FitAsync(table, options with { Components = 1, Family = new FamilyOptions { EmissionComponents = 2 } });
        Assert.Equal(two.Record.LogLikelihood, one.Record.LogLikelihood, 1e-6);
        Assert.Equal(two.Record.FreeParameters, one.Record.FreeParameters);
    }

    [Fact]
    public async Task A_chain_of_mixtures_finds_the_states_that_a_chain_of_Gaussians_cannot()
    {
        ObservationTable table = Lumps();
        var options = new FitOptions { Structure = LatentStructure.HiddenMarkov, Components = 2, Restarts = 10, Start = StartMethod.Random, MaximumIterations = 2000 };
        FittedModel plain = await FitAsync(table, options), mixed = await FitAsync(table, options with { Family = new FamilyOptions { EmissionComponents = 2 } });
        Assert.True(mixed.Record.LogLikelihood > plain.Record.LogLikelihood + 100, $"{mixed.Record.LogLikelihood} and {plain.Record.LogLikelihood}");
        int[] path = [.. mixed.Predict(table).Path!];
        int agree = Enumerable.Range(0, path.Length).Count(i => path[i] == i / 25 % 2);
        Assert.True(Math.Max(agree, path.Length - agree) > 970, $"{agree} of {path.Length}");
        // The truth has the density that the rows were drawn from.
        double[] initial = [0.5, 0.5], transitions = [0.96, 0.04, 0.04, 0.96];
        var truth = new HiddenMarkovParameters<MixtureEmissionComponents<GaussianComponents>>(initial, transitions,
            new([0.5, 0.5, 0.5, 0.5], new GaussianComponents(CovarianceStructure.Full, [-10, 10, -6, 14], [1, 1, 1, 1], 1), 2));
        FittedModel start = await FitAsync(table, options with { MaximumIterations = 0, Family = new FamilyOptions { EmissionComponents = 2 } }, GivenStart.FromParameters(TensorSet.Of(truth)));
        Assert.True(mixed.Record.LogLikelihood >= start.Record.LogLikelihood, $"{mixed.Record.LogLikelihood} < {start.Record.LogLikelihood}");
    }

    [Fact]
    public async Task Threads_do_not_change_a_bit_and_a_file_keeps_everything()
    {
        ObservationTable table = Lumps(20_000);
        string path = Path.Combine(Path.GetTempPath(), $"elbo-{Guid.NewGuid():N}.elbo");
        string? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            FittedModel model = await FitAsync(table, new FitOptions
            {
                Components = 2,
                Restarts = 1,
                MaximumIterations = 5,
                Threads = threads,
                Family = new FamilyOptions { EmissionComponents = 3, Prior = true, Noise = true },
                Structure = threads % 2 == 0 ? LatentStructure.HiddenMarkov : LatentStructure.Mixture,
            });
            try
            {
                FittedModelFile.Save(model, path);
                FittedModel loaded = FittedModelFile.Load(path).Model;
                Assert.Equal(model.LogLikelihood(table), loaded.LogLikelihood(table));
                Assert.Equal(model.Family.Settings, loaded.Family.Settings);
            }
            finally
            {
                File.Delete(path);
            }
            if (threads % 2 == 0) continue;
            string bits = string.Join(' ', model.Parameters.Tensors.Where(tensor => tensor.Values is double[]).SelectMany(tensor => (double[])tensor.Values).Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(expected ??= bits, bits);
        }
    }
}
