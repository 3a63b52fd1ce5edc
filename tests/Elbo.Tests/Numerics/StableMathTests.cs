using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class StableMathTests
{
    [Fact]
    public void Exp_agrees_with_the_platform_to_two_units_in_the_last_place() => Gen.Double[-708, 709].Sample(x =>
        AssertUlps(Math.Exp(x), StableMath.Exp(x), 2), iter: 20_000);

    [Fact]
    public void Log_agrees_with_the_platform_to_two_units_in_the_last_place()
    {
        Gen.Double[-307, 308].Sample(exponent =>
        {
            double x = Math.Pow(10, exponent);
            AssertUlps(Math.Log(x), StableMath.Log(x), 2);
        }, iter: 20_000);
        Gen.Double[0.6, 1.6].Sample(x => AssertUlps(Math.Log(x), StableMath.Log(x), 2), iter: 20_000);
    }

    [Fact]
    public void Ends_of_the_range_are_right()
    {
        Assert.Equal(double.NegativeInfinity, StableMath.Log(0));
        Assert.Equal(double.PositiveInfinity, StableMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(StableMath.Log(-1)) && double.IsNaN(StableMath.Log(double.NaN)) && double.IsNaN(StableMath.Exp(double.NaN)));
        Assert.Equal(0, StableMath.Log(1));
        AssertUlps(Math.Log(double.Epsilon), StableMath.Log(double.Epsilon), 2);
        Assert.Equal(1, StableMath.Exp(0));
        Assert.Equal(0, StableMath.Exp(double.NegativeInfinity));
        Assert.Equal(0, StableMath.Exp(-745.2));
        Assert.Equal(double.Epsilon, StableMath.Exp(-745));
        Assert.Equal(double.PositiveInfinity, StableMath.Exp(709.8));
        Assert.Equal(double.PositiveInfinity, StableMath.Exp(double.PositiveInfinity));
    }

    static void AssertUlps(double expected, double actual, int units) =>
        Assert.True(Math.Abs(expected - actual) <= units * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected)), $"{actual:R} instead of {expected:R}.");
}
