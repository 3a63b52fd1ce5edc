using Elbo.Families;

namespace Elbo.Tests.Families;

/// <summary>The log-density against numerical integrals over all means and covariances: they must be 1.</summary>
public class NormalInverseWishartPriorTests
{
    const double Precision = 0.7, Degrees = 4.5;

    static readonly double[] Scale = [1.3, 0.4, 0.4, 0.8], Mean = [0.5, -1];

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Tied)]
    public void A_variance_and_a_mean(CovarianceStructure structure)
    {
        var family = new Gaussian(structure, new VarianceFloor(1e-9), new NormalInverseWishartPrior([0.5], Precision, [1.3], Degrees));
        double integral = 0;
        const double Step = 0.05;
        for (double log = -6; log < 10; log += Step)
        {
            double variance = Math.Exp(log), spread = Math.Sqrt(variance / Precision);
            for (double z = -9; z < 9; z += 0.2)
                integral += Math.Exp(family.LogPrior(new GaussianComponents(structure, [0.5 + z * spread], [variance], 1))) * variance * Step * spread * 0.2;
        }
        Assert.Equal(1, integral, 1e-6);
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    [InlineData(CovarianceStructure.Tied)]
    public void Covariances_of_two_columns(CovarianceStructure structure)
    {
        // At its mode a mean has the density |2π Σ/κ|^(−½), which is divided out.
        int components = structure == CovarianceStructure.Tied ? 3 : 1;
        double[] means = [.. Enumerable.Repeat(Mean, components).SelectMany(mean => mean)];
        var family = new Gaussian(structure, new VarianceFloor(1e-9), new NormalInverseWishartPrior(Mean, Precision, Scale, Degrees));
        double Density(double determinant, params double[] covariance) =>
            Math.Exp(family.LogPrior(new GaussianComponents(structure, means, covariance, 2)) + components * (Math.Log(2 * Math.PI / Precision) + 0.5 * Math.Log(determinant)));

        const double Step = 0.2;
        double integral = 0;
        for (double log = -5; log < 12; log += Step)
        {
            double first = Math.Exp(log);
            if (structure == CovarianceStructure.Spherical)
            {
                integral += Density(first * first, first) * first * Step;
                continue;
            }
            for (double otherLog = -5; otherLog < 12; otherLog += Step)
            {
                double second = Math.Exp(otherLog), area = first * second * Step * Step;
                if (structure == CovarianceStructure.Diagonal)
                {
                    integral += Density(first * second, first, second) * area;
                    continue;
                }
                for (double angle = -6; angle < 6; angle += Step)
                {
                    double correlation = Math.Tanh(angle), rest = 1 / (Math.Cosh(angle) * Math.Cosh(angle)), across = correlation * Math.Sqrt(first * second);
                    integral += Density(first * second * rest, first, across, across, second) * area * Math.Sqrt(first * second) * rest * Step;
                }
            }
        }
        Assert.Equal(1, integral, 1e-5);
    }

    [Fact]
    public void What_is_no_prior_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalInverseWishartPrior(Mean, 0, Scale, Degrees));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalInverseWishartPrior(Mean, 1, Scale, 1));
        Assert.Throws<ArgumentException>(() => new NormalInverseWishartPrior(Mean, 1, [1, 2, 2, 1], Degrees));
        Assert.Throws<ArgumentException>(() => new NormalInverseWishartPrior(Mean, 1, [1], Degrees));
        Assert.Throws<ArgumentException>(() => new NormalInverseWishartPrior([double.NaN], 1, [1], Degrees));
    }
}
