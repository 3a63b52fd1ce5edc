using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed unsafe class VectorMathTests
{
    enum Function { Exp, Log, ExpDigamma, Digamma }

    public static TheoryData<KernelProfile> Profiles => [.. KernelProfiles.Available];

    /// <summary>Numbers between two powers of ten, evenly in their logarithms.</summary>
    static Gen<double[]> Between(double lowest, double highest) => Gen.Double[lowest, highest].Select(exponent => Math.Pow(10, exponent)).Array[64];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Exp_agrees_with_the_platform(KernelProfile profile)
    {
        Gen.Double[-708, 709.7].Array[64].Sample(x => Agrees(profile, Function.Exp, x, Math.Exp, 4e-16, 0), iter: 1000);
        Gen.Double[-1, 1].Array[64].Sample(x => Agrees(profile, Function.Exp, x, Math.Exp, 4e-16, 0), iter: 1000);
        Gen.Double[-746, -708].Array[64].Sample(x => Agrees(profile, Function.Exp, x, Math.Exp, 4e-16, 2 * double.Epsilon), iter: 200);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Log_agrees_with_the_platform(KernelProfile profile)
    {
        Between(-307.6, 308.2).Sample(x => Agrees(profile, Function.Log, x, Math.Log, 4e-16, 0), iter: 1000);
        Gen.Double[0.5, 2].Array[64].Sample(x => Agrees(profile, Function.Log, x, Math.Log, 4e-16, 0), iter: 1000);
    }

    /// <summary>Results below the normal numbers have fewer digits; there the last of them is what counts.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void ExpDigamma_agrees_with_the_scalar_function(KernelProfile profile)
    {
        Between(-8, 15).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, 5e-15, 16 * double.Epsilon), iter: 1000);
        Between(-3, 2).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, 5e-15, 16 * double.Epsilon), iter: 2000);
        Between(15, 308).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, 5e-15, 0), iter: 200);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Digamma_agrees_with_the_scalar_function(KernelProfile profile)
    {
        Between(-8, 15).Sample(x => Agrees(profile, Function.Digamma, x, SpecialFunctions.Digamma, 3e-15, 3e-15), iter: 1000);
        Between(-1, 2).Sample(x => Agrees(profile, Function.Digamma, x, SpecialFunctions.Digamma, 3e-15, 3e-15), iter: 2000);
        Between(-300, 308).Sample(x => Agrees(profile, Function.Digamma, x, SpecialFunctions.Digamma, 3e-15, 3e-15), iter: 200);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_digamma_functions_agree_with_the_table(KernelProfile profile)
    {
        foreach (var row in SpecialFunctionTable.Rows)
        {
            Agrees(profile, Function.ExpDigamma, Fill(row.X), _ => row.ExpDigamma, 5e-15, double.Epsilon);
            Agrees(profile, Function.Digamma, Fill(row.X), _ => row.Digamma, 3e-15, 3e-15);
        }
    }

    /// <summary>Fused profiles do the same operations and so give the same bits; without fusion the last digits differ.</summary>
    [Fact]
    public void Profiles_agree()
    {
        foreach (Function function in Enum.GetValues<Function>())
        {
            Gen<double[]> numbers = function == Function.Exp ? Gen.Double[-750, 711].Array[64] : Between(-8, 15);
            numbers.Sample(x =>
            {
                double[][] results = [.. KernelProfiles.Available.Select(profile => Run(profile, function, x))];
                for (int p = 1; p < results.Length; p++)
                    for (int i = 0; i < x.Length; i++)
                    {
                        double first = results[0][i], other = results[p][i];
                        bool agree = KernelProfiles.Available[p] == KernelProfile.Portable
                            ? first.Equals(other) || Math.Abs(first - other) <= 1e-14 * Math.Max(Math.Abs(first), function == Function.Digamma ? 1 : 0) + 32 * double.Epsilon
                            : first.Equals(other);
                        Assert.True(agree, $"{function} of {x[i]:R}: {KernelProfiles.Available[0]} {first:R}, {KernelProfiles.Available[p]} {other:R}.");
                    }
            }, iter: 500);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Ends_of_the_range_follow_the_stated_policy(KernelProfile profile)
    {
        const double Infinity = double.PositiveInfinity, NaN = double.NaN;
        Assert.Equal([Infinity, Infinity, 0, 0, NaN, 1, 1, double.Epsilon], Run(profile, Function.Exp, [Infinity, 709.79, -Infinity, -745.2, NaN, 0, -0.0, -745.1]));
        Assert.Equal([NaN, NaN, NaN, NaN, NaN, 0, NaN, NaN], Run(profile, Function.Log, [Infinity, 0, -1, -Infinity, NaN, 1, 1e-310, double.Epsilon]));
        Assert.Equal([Infinity, 0, 0, NaN, 0, 0, 0, 1e300], Run(profile, Function.ExpDigamma, [Infinity, 0, -1, NaN, 1e-300, 1e-8, 1.3e-3, 1e300]));
        Assert.Equal([NaN, double.NegativeInfinity, NaN], Run(profile, Function.Digamma, [Infinity, 0, NaN, 1, 1, 1, 1, 1])[..3]);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Numbers_are_replaced_in_place_and_nothing_else_is_touched(KernelProfile profile)
    {
        foreach (Function function in Enum.GetValues<Function>())
        {
            double[] x = [.. Enumerable.Range(1, 32).Select(i => i * 0.37)];
            double[] apart = Run(profile, function, x[8..24]);
            double[] inPlace = [.. x];
            fixed (double* p = inPlace) KernelProfiles.Run(profile, new Calculation(function, p + 8, p + 8, 16));
            Assert.Equal([.. x[..8], .. apart, .. x[24..]], inPlace);
        }
    }

    static double[] Fill(double value) => [.. Enumerable.Repeat(value, 8)];

    static double[] Run(KernelProfile profile, Function function, double[] x)
    {
        var result = new double[x.Length];
        fixed (double* source = x, target = result) KernelProfiles.Run(profile, new Calculation(function, source, target, x.Length));
        return result;
    }

    static void Agrees(KernelProfile profile, Function function, double[] x, Func<double, double> expected, double relative, double absolute)
    {
        double[] actual = Run(profile, function, x);
        for (int i = 0; i < x.Length; i++)
        {
            double right = expected(x[i]);
            Assert.True(
                Math.Abs(actual[i] - right) <= relative * Math.Abs(right) + absolute,
                $"{function} of {x[i]:R} on {profile}: {actual[i]:R} instead of {right:R}, {(actual[i] - right) / right:E1} relative.");
        }
    }

    sealed class Calculation(Function function, double* source, double* target, int count) : ILanesVisitor<int>
    {
        public int Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            switch (function)
            {
                case Function.Exp: VectorMath.Exp<TLanes>(source, target, count); break;
                case Function.Log: VectorMath.Log<TLanes>(source, target, count); break;
                case Function.ExpDigamma: VectorMath.ExpDigamma<TLanes>(source, target, count); break;
                case Function.Digamma: VectorMath.Digamma<TLanes>(source, target, count); break;
                default: throw new InvalidOperationException($"{function}");
            }
            return count;
        }
    }
}
