using CsCheck;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>The sums are made so that the maximum is known: at a* the gradient n (Ψ(Σ a*) − Ψ(a*_k)) + s_k is 0.</summary>
public sealed class DirichletEstimatorTests
{
    static readonly Gen<double> Concentration = Gen.Double[-4, 4].Select(power => Math.Pow(10, power));

    [Fact]
    public void A_known_symmetric_maximum_is_found() =>
        Gen.Select(Concentration, Concentration, Gen.Int[2, 500], Gen.Double[1, 1e5]).Sample((known, start, length, draws) =>
        {
            double sum = draws * length * (SpecialFunctions.Digamma(known) - SpecialFunctions.Digamma(length * known));
            double found = DirichletEstimator.Symmetric(draws, length, sum, start);
            // Ψ(Ka) − Ψ(a) hardly depends on a large a, so that its rounding moves the maximum.
            Assert.Equal(1, found / known, 1e-9 * Math.Max(1, known));
        }, iter: 2000);

    [Fact]
    public void A_known_asymmetric_maximum_is_found() =>
        Gen.Select(Concentration.Array[2, 30], Concentration, Gen.Double[1, 1e5]).Sample((known, start, draws) =>
        {
            double[] sums = Sums(known, draws), found = new double[known.Length];
            Array.Fill(found, start);
            DirichletEstimator.Asymmetric(draws, sums, found);
            double value = Objective(draws, sums, found), best = Objective(draws, sums, known);
            Assert.True(value >= best - 1e-11 * Scale(draws, sums, known), $"{value - best:R} below the maximum; found {string.Join(' ', found)} for {string.Join(' ', known)} from {start}");
        }, iter: 1000);

    [Theory]
    [InlineData(0.1, 0.1, 0.1)]
    [InlineData(1e-4, 1, 1e4)]
    [InlineData(5, 1e-3, 1e-3)]
    [InlineData(2000, 3000, 4000)]
    public void Where_the_maximum_is_well_determined_so_are_its_places(double a, double b, double c)
    {
        double[] known = [a, b, c];
        foreach (double start in new[] { 1e-3, 0.1, 1, 50 })
        {
            double[] found = [start, start, start];
            DirichletEstimator.Asymmetric(500, Sums(known, 500), found);
            for (int k = 0; k < 3; k++) Assert.Equal(1, found[k] / known[k], 1e-4);
        }
    }

    [Fact]
    public void Sums_without_a_maximum_end_at_the_edge_of_the_domain()
    {
        // All draws alike and even: the higher the concentration the better.
        double[] concentration = [1, 1];
        DirichletEstimator.Asymmetric(10, [10 * Math.Log(0.5), 10 * Math.Log(0.5)], concentration);
        Assert.All(concentration, value => Assert.InRange(value, 1e3, DirichletEstimator.Maximum));
        Assert.InRange(DirichletEstimator.Symmetric(10, 2, 20 * Math.Log(0.5), 1), 1e3, DirichletEstimator.Maximum);

        // A component that never occurs: the lower the better.
        concentration = [1, 1];
        DirichletEstimator.Asymmetric(10, [-1e-9, -1e9], concentration);
        Assert.All(concentration, value => Assert.InRange(value, DirichletEstimator.Minimum, 1e6));
        Assert.Equal(DirichletEstimator.Minimum, DirichletEstimator.Symmetric(10, 2, -1e9, 1), 1e-12);
    }

    [Fact]
    public void A_component_at_the_edge_does_not_keep_the_others_from_their_maximum() =>
        Gen.Select(Gen.Double[-3, 1].Select(power => Math.Pow(10, power)).Array[2, 30], Gen.Double[-2, 1], Gen.Double[10, 2000]).Sample((others, start, draws) =>
        {
            // The first component would go below the domain; the others' maximum, with it at the edge, is known.
            double[] known = [DirichletEstimator.Minimum, .. others], sums = Sums(known, draws), found = new double[known.Length];
            sums[0] *= 30;
            Array.Fill(found, Math.Pow(10, start));
            DirichletEstimator.Asymmetric(draws, sums, found);
            double value = Objective(draws, sums, found), best = Objective(draws, sums, known);
            Assert.True(value >= best - 1e-11 * Scale(draws, sums, known), $"{value - best:R} below the maximum; found {string.Join(' ', found)} for {string.Join(' ', known)}");
        }, iter: 300);

    [Fact]
    public void One_component_has_nothing_to_estimate()
    {
        double[] alone = [0.7];
        DirichletEstimator.Asymmetric(10, [0], alone);
        Assert.Equal([0.7], alone);
        Assert.Equal(0.7, DirichletEstimator.Symmetric(10, 1, 0, 0.7));
    }

    static double[] Sums(double[] known, double draws) => [.. known.Select(a => draws * (SpecialFunctions.Digamma(a) - SpecialFunctions.Digamma(known.Sum())))];

    static double Objective(double draws, double[] sums, double[] a) =>
        draws * DirichletMath.LogNormalizer(a) + a.Zip(sums, (value, sum) => (value - 1) * sum).Sum();

    static double Scale(double draws, double[] sums, double[] a) =>
        1 + draws * a.Append(a.Sum()).Sum(value => Math.Abs(SpecialFunctions.LogGamma(value))) + a.Zip(sums, (value, sum) => Math.Abs((value - 1) * sum)).Sum();
}
