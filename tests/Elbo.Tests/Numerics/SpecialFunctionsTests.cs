using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class SpecialFunctionsTests
{
    /// <summary>Numbers from 1e-300 to 1e300, evenly in their logarithms.</summary>
    static readonly Gen<double> AnySize = Gen.Double[-300, 300].Select(exponent => Math.Pow(10, exponent));

    /// <summary>Numbers from 1e-6 to 1e6, evenly in their logarithms.</summary>
    static readonly Gen<double> Moderate = Gen.Double[-6, 6].Select(exponent => Math.Pow(10, exponent));

    [Fact]
    public void LogGamma_agrees_with_the_table() => AgreesWithTable(SpecialFunctions.LogGamma, row => row.LogGamma, 1e-15, 0);

    /// <summary>Near its root the digamma function is exact to 1e-15 of the two numbers, about 0.7, whose difference it is.</summary>
    [Fact]
    public void Digamma_agrees_with_the_table() => AgreesWithTable(SpecialFunctions.Digamma, row => row.Digamma, 1e-15, 1e-15);

    [Fact]
    public void Trigamma_agrees_with_the_table() => AgreesWithTable(SpecialFunctions.Trigamma, row => row.Trigamma, 1e-15, 0);

    [Fact]
    public void ExpDigamma_agrees_with_the_table() => AgreesWithTable(SpecialFunctions.ExpDigamma, row => row.ExpDigamma, 1e-15, double.Epsilon);

    [Fact]
    public void LogGamma_is_exactly_zero_at_its_roots()
    {
        Assert.Equal(0, SpecialFunctions.LogGamma(1));
        Assert.Equal(0, SpecialFunctions.LogGamma(2));
    }

    [Fact]
    public void Recurrences_hold() => Moderate.Sample(x =>
    {
        double next = x + 1;
        // x + 1 is rounded, and that matters where the derivative is large: only x that survive the addition are used.
        x = next - 1;
        if (x <= 0) return;
        double size = 1 + Math.Abs(Math.Log(x)) + Math.Abs(SpecialFunctions.LogGamma(x));
        AssertClose(SpecialFunctions.LogGamma(x) + Math.Log(x), SpecialFunctions.LogGamma(next), 2e-15 * size);
        AssertClose(SpecialFunctions.Digamma(x) + 1 / x, SpecialFunctions.Digamma(next), 2e-15 * (1 + 2 / x + Math.Abs(SpecialFunctions.Digamma(next))));
        AssertClose(SpecialFunctions.Trigamma(x) - 1 / (x * x), SpecialFunctions.Trigamma(next), 4e-15 * (1 / (x * x) + SpecialFunctions.Trigamma(next)));
    }, iter: 5000);

    [Fact]
    public void Duplication_holds() => Moderate.Sample(x =>
    {
        // DLMF 5.5.5 and its derivative; x + ½ must not be rounded.
        double half = x + 0.5;
        x = half - 0.5;
        if (x <= 0) return;
        double left = SpecialFunctions.LogGamma(x) + SpecialFunctions.LogGamma(half);
        double right = SpecialFunctions.LogGamma(2 * x) + (1 - 2 * x) * Math.Log(2) + 0.5 * Math.Log(Math.PI);
        AssertClose(right, left, 4e-15 * (2 + Math.Abs(SpecialFunctions.LogGamma(2 * x)) + x));
        double mean = 0.5 * (SpecialFunctions.Digamma(x) + SpecialFunctions.Digamma(half)) + Math.Log(2);
        AssertClose(mean, SpecialFunctions.Digamma(2 * x), 2e-15 * (2 + Math.Abs(mean)));
    }, iter: 5000);

    [Fact]
    public void Nothing_breaks_over_the_whole_range() => AnySize.Sample(x =>
    {
        Assert.True(double.IsFinite(SpecialFunctions.LogGamma(x)));
        // Alzer's bounds: ln x − 1/x < ψ(x) < ln x − 1/(2x).
        double psi = SpecialFunctions.Digamma(x), slack = 2e-15 * Math.Abs(psi);
        Assert.InRange(psi, Math.Log(x) - 1 / x - slack, Math.Log(x) - 0.5 / x + slack);
        // And 1/x + 1/(2x²) < ψ'(x) < 1/x + 1/x².
        double trigamma = SpecialFunctions.Trigamma(x);
        Assert.InRange(trigamma, (1 / x + 0.5 / x / x) * (1 - 2e-15), (1 / x + 1 / x / x) * (1 + 2e-15));
        // x − ½ < exp ψ(x) < x.
        double expDigamma = SpecialFunctions.ExpDigamma(x);
        Assert.InRange(expDigamma, (x - 0.5) * (1 - 2e-15), x);
    }, iter: 5000);

    [Fact]
    public void Ends_of_the_range_follow_the_stated_policy()
    {
        foreach (double outside in (double[])[-1, -1e-300, double.NegativeInfinity, double.NaN])
        {
            Assert.True(double.IsNaN(SpecialFunctions.LogGamma(outside)));
            Assert.True(double.IsNaN(SpecialFunctions.Digamma(outside)));
            Assert.True(double.IsNaN(SpecialFunctions.Trigamma(outside)));
            Assert.True(double.IsNaN(SpecialFunctions.ExpDigamma(outside)));
        }
        const double Infinity = double.PositiveInfinity;
        Assert.Equal((Infinity, double.NegativeInfinity, Infinity, 0.0), At(0));
        Assert.Equal((Infinity, Infinity, 0.0, Infinity), At(Infinity));
        Assert.Equal(0, SpecialFunctions.ExpDigamma(1e-300));

        static (double, double, double, double) At(double x) =>
            (SpecialFunctions.LogGamma(x), SpecialFunctions.Digamma(x), SpecialFunctions.Trigamma(x), SpecialFunctions.ExpDigamma(x));
    }

    [Fact]
    public void LogSumExp_does_not_overflow_and_keeps_to_its_policy()
    {
        Assert.Equal(Math.Log(6), SpecialFunctions.LogSumExp([Math.Log(1), Math.Log(2), Math.Log(3)]), 1e-15);
        Assert.Equal(1000 + Math.Log(2), SpecialFunctions.LogSumExp([1000, 1000]), 1e-12);
        Assert.Equal(-1000 + Math.Log(2), SpecialFunctions.LogSumExp([-1000, double.NegativeInfinity, -1000]), 1e-12);
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogSumExp([]));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogSumExp([double.NegativeInfinity, double.NegativeInfinity]));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.LogSumExp([1, double.PositiveInfinity]));
        Assert.True(double.IsNaN(SpecialFunctions.LogSumExp([1, double.NaN, 2])));
        Assert.True(double.IsNaN(SpecialFunctions.LogSumExp([double.NaN, double.PositiveInfinity])));
    }

    [Fact]
    public void LogSumExp_moves_with_its_arguments() => Gen.Select(Gen.Double[-50, 50].Array[1, 20], Gen.Int[-500, 500]).Sample((values, shift) =>
        AssertClose(SpecialFunctions.LogSumExp(values) + shift, SpecialFunctions.LogSumExp([.. values.Select(value => value + shift)]), 2e-13));

    static void AgreesWithTable(
        Func<double, double> function,
        Func<(double X, double LogGamma, double Digamma, double Trigamma, double ExpDigamma), double> column,
        double relative,
        double absolute)
    {
        foreach (var row in SpecialFunctionTable.Rows)
        {
            double expected = column(row), actual = function(row.X);
            Assert.True(
                Math.Abs(actual - expected) <= relative * Math.Abs(expected) + absolute,
                $"At {row.X:R}: {actual:R} instead of {expected:R}, {(actual - expected) / expected:E1} relative.");
        }
    }

    static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{actual:R} differs from {expected:R} by {actual - expected:E2}, more than {tolerance:E2}.");
}
