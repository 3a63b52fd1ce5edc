using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed unsafe class SingleMathTests
{
    public enum Function { Exp, Log, ExpDigamma, Digamma, LogGamma }

    public static TheoryData<KernelProfile> Profiles => [.. KernelProfiles.Available];

    /// <summary>Numbers between two powers of ten, evenly in their logarithms.</summary>
    static Gen<float[]> Between(double lowest, double highest) => Gen.Double[lowest, highest].Select(exponent => (float)Math.Pow(10, exponent)).Array[64];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Exp_agrees_with_the_platform(KernelProfile profile)
    {
        Gen.Float[-86.98f, 88.72f].Array[64].Sample(x => Agrees(profile, Function.Exp, x, Math.Exp, 1e-7), iter: 2000);
        Gen.Float[-1, 1].Array[64].Sample(x => Agrees(profile, Function.Exp, x, Math.Exp, 1e-7), iter: 1000);
        AgreesEverywhere(profile, Function.Exp, 1e-30f, 88.72f, Math.Exp, 1e-7, 0);
        AgreesEverywhere(profile, Function.Exp, -86.98f, -1e-30f, Math.Exp, 1e-7, 0);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Log_agrees_with_the_platform(KernelProfile profile)
    {
        Between(-37.9, 38.5).Sample(x => Agrees(profile, Function.Log, x, Math.Log, 1e-7), iter: 1000);
        Gen.Float[0.5f, 2].Array[64].Sample(x => Agrees(profile, Function.Log, x, Math.Log, 1e-7), iter: 1000);
        AgreesEverywhere(profile, Function.Log, SmallestNormal, float.MaxValue, Math.Log, 1e-7, 0);
        AgreesEverywhere(profile, Function.Log, 0.7f, 1.42f, Math.Log, 1e-7, 0);
    }

    /// <summary>Without fused multiplications the exponent is as good as its largest term, 1/x.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void ExpDigamma_agrees_with_the_scalar_function(KernelProfile profile)
    {
        double small = Fuses(profile) ? 1.1e-6 : 7e-6;
        Between(-1.93, -1.3).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, small), iter: 1000);
        Between(-1.3, 2).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, 2e-6), iter: 2000);
        Between(0, 38.5).Sample(x => Agrees(profile, Function.ExpDigamma, x, SpecialFunctions.ExpDigamma, 7e-7), iter: 1000);
        AgreesEverywhere(profile, Function.ExpDigamma, 0.01156f, 0.05f, SpecialFunctions.ExpDigamma, small, 0);
        AgreesEverywhere(profile, Function.ExpDigamma, 0.05f, 0.1f, SpecialFunctions.ExpDigamma, 2e-6, 0);
        AgreesEverywhere(profile, Function.ExpDigamma, 0.1f, 1, SpecialFunctions.ExpDigamma, 1.5e-6, 0);
        AgreesEverywhere(profile, Function.ExpDigamma, 1, 10, SpecialFunctions.ExpDigamma, 7e-7, 0);
        AgreesEverywhere(profile, Function.ExpDigamma, 10, float.MaxValue, SpecialFunctions.ExpDigamma, 3e-7, 0);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Digamma_agrees_with_the_scalar_function(KernelProfile profile)
    {
        Between(-38, 38.5).Sample(x => Agrees(profile, Function.Digamma, x, SpecialFunctions.Digamma, 5e-7, atLeast: 1), iter: 500);
        Between(-2, 2).Sample(x => Agrees(profile, Function.Digamma, x, SpecialFunctions.Digamma, 5e-7, atLeast: 1), iter: 2000);
        AgreesEverywhere(profile, Function.Digamma, SmallestNormal, float.MaxValue, SpecialFunctions.Digamma, 5e-7, 1);
        AgreesEverywhere(profile, Function.Digamma, 0.1f, 10, SpecialFunctions.Digamma, 5e-7, 1);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void LogGamma_agrees_with_the_scalar_function(KernelProfile profile)
    {
        Between(-37.9, 36).Sample(x => Agrees(profile, Function.LogGamma, x, SpecialFunctions.LogGamma, 4e-7, atLeast: 1), iter: 500);
        Between(-2, 2).Sample(x => Agrees(profile, Function.LogGamma, x, SpecialFunctions.LogGamma, 4e-7, atLeast: 1), iter: 2000);
        AgreesEverywhere(profile, Function.LogGamma, SmallestNormal, 1e36f, SpecialFunctions.LogGamma, 4e-7, 1);
        AgreesEverywhere(profile, Function.LogGamma, 0.3f, 2.9999998f, SpecialFunctions.LogGamma, 4e-7, 0);
        AgreesEverywhere(profile, Function.LogGamma, 3, 10, SpecialFunctions.LogGamma, 4e-7, 1);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Values_of_the_table_are_met(KernelProfile profile)
    {
        foreach (var row in SpecialFunctionTable.Rows)
        {
            // The table's x is not always a single-precision number.
            if ((float)row.X != row.X || row.X is < 0.01156 or > 1e36) continue;
            Agrees(profile, Function.ExpDigamma, Fill((float)row.X), _ => row.ExpDigamma, 7e-6);
            Agrees(profile, Function.Digamma, Fill((float)row.X), _ => row.Digamma, 5e-7, atLeast: 1);
            Agrees(profile, Function.LogGamma, Fill((float)row.X), _ => row.LogGamma, 4e-7, atLeast: 1);
        }
    }

    /// <summary>Fused profiles do the same operations and so give the same bits; without fusion the last digits differ.</summary>
    [Theory]
    [InlineData(Function.Exp, 2e-7)]
    [InlineData(Function.Log, 2e-7)]
    [InlineData(Function.ExpDigamma, 8e-6)]
    [InlineData(Function.Digamma, 4e-7)]
    [InlineData(Function.LogGamma, 5e-7)]
    public void Profiles_agree(Function function, double tolerance)
    {
        Gen<float[]> numbers = function == Function.Exp ? Gen.Float[-90, 90].Array[64] : Gen.OneOf(Between(-38, 36), Between(-2.5, 3));
        numbers.Sample(x =>
        {
            float[][] results = [.. KernelProfiles.Available.Select(profile => Run(profile, function, x))];
            for (int p = 1; p < results.Length; p++)
                for (int i = 0; i < x.Length; i++)
                {
                    float first = results[0][i], other = results[p][i];
                    double scale = Math.Max(Math.Abs(first), function is Function.Digamma or Function.LogGamma ? 1 : 0);
                    bool agree = first.Equals(other) || (!Fuses(KernelProfiles.Available[p]) && Math.Abs(first - (double)other) <= tolerance * scale);
                    Assert.True(agree, $"{function} of {x[i]:R}: {KernelProfiles.Available[0]} {first:R}, {KernelProfiles.Available[p]} {other:R}.");
                }
        }, iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Ends_of_the_range_follow_the_stated_policy(KernelProfile profile)
    {
        const float Infinity = float.PositiveInfinity, NaN = float.NaN, Max = float.MaxValue, Tiny = float.Epsilon;
        Assert.Equal([Infinity, Infinity, Infinity, 0, 0, 0, NaN, 1, 1, 1], Some(Function.Exp, Infinity, Max, 88.7229f, -Infinity, -Max, -87, NaN, 0, -0f, Tiny));
        Assert.True(Some(Function.Exp, -86.98f)[0] >= SmallestNormal);
        Assert.True(float.IsFinite(Some(Function.Exp, 88.7228f)[0]));
        Assert.Equal([NaN, NaN, NaN, NaN, NaN, NaN, NaN, 0], Some(Function.Log, Infinity, 0, -0f, -1, -Infinity, NaN, Tiny, 1));
        Assert.Equal([Infinity, 0, 0, 0, 0, NaN, 0, 0, 0], Some(Function.ExpDigamma, Infinity, 0, -0f, -1, -Infinity, NaN, Tiny, 1e-8f, 0.0115f));
        Assert.True(Some(Function.ExpDigamma, 0.01156f)[0] >= SmallestNormal);
        Assert.Equal(1, Some(Function.ExpDigamma, Max)[0] / Max, 2e-7f);
        Assert.Equal([NaN, float.NegativeInfinity, NaN], Some(Function.Digamma, Infinity, 0, NaN));
        Assert.Equal([NaN, NaN, NaN, NaN, NaN, NaN, 0, 0, Infinity], Some(Function.LogGamma, Infinity, 0, -1, -Infinity, NaN, Tiny, 1, 2, Max));

        float[] Some(Function function, params float[] x) => Run(profile, function, [.. x, .. Enumerable.Repeat(1f, 16 - x.Length)])[..x.Length];
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Numbers_are_replaced_in_place_and_nothing_else_is_touched(KernelProfile profile)
    {
        foreach (Function function in Enum.GetValues<Function>())
        {
            float[] x = [.. Enumerable.Range(1, 64).Select(i => i * 0.37f)];
            float[] apart = Run(profile, function, x[8..40]);
            float[] inPlace = [.. x];
            fixed (float* p = inPlace) KernelProfiles.Run(profile, new Calculation(function, p + 8, p + 8, 32));
            Assert.Equal([.. x[..8], .. apart, .. x[40..]], inPlace);
        }
    }

    const float SmallestNormal = 1.17549435e-38f;

    static bool Fuses(KernelProfile profile) => profile != KernelProfile.Portable || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    static float[] Fill(float value) => [.. Enumerable.Repeat(value, 16)];

    static float[] Run(KernelProfile profile, Function function, float[] x)
    {
        var result = new float[x.Length];
        fixed (float* source = x, target = result) KernelProfiles.Run(profile, new Calculation(function, source, target, x.Length));
        return result;
    }

    static void Agrees(KernelProfile profile, Function function, float[] x, Func<double, double> expected, double relative, double atLeast = 0)
    {
        float[] actual = Run(profile, function, x);
        for (int i = 0; i < x.Length; i++)
        {
            double right = expected(x[i]);
            Assert.True(
                Math.Abs(actual[i] - right) <= relative * Math.Max(atLeast, Math.Abs(right)),
                $"{function} of {x[i]:R} on {profile}: {actual[i]:R} instead of {right:R}, {(actual[i] - right) / right:E1} relative.");
        }
    }

    /// <summary>Some two hundred thousand numbers from the lowest to the highest, evenly in their bits and so about evenly in their logarithms.</summary>
    static void AgreesEverywhere(KernelProfile profile, Function function, float lowest, float highest, Func<double, double> expected, double relative, double atLeast)
    {
        const int Parts = 200_000;
        long first = BitConverter.SingleToInt32Bits(lowest), last = BitConverter.SingleToInt32Bits(highest);
        float[] x = [.. Enumerable.Range(0, Parts + 16 - Parts % 16).Select(i => BitConverter.Int32BitsToSingle((int)(first + (last - first) * Math.Min(i, Parts) / Parts)))];
        Agrees(profile, function, x, expected, relative, atLeast);
    }

    sealed class Calculation(Function function, float* source, float* target, int count) : ISingleLanesVisitor<int>
    {
        public int Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>
        {
            switch (function)
            {
                case Function.Exp: SingleMath.Exp<TLanes>(source, target, count); break;
                case Function.Log: SingleMath.Log<TLanes>(source, target, count); break;
                case Function.ExpDigamma: SingleMath.ExpDigamma<TLanes>(source, target, count); break;
                case Function.Digamma: SingleMath.Digamma<TLanes>(source, target, count); break;
                case Function.LogGamma: SingleMath.LogGamma<TLanes>(source, target, count); break;
                default: throw new InvalidOperationException($"{function}");
            }
            return count;
        }
    }
}
