using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed unsafe class LanesTests
{
    public static TheoryData<KernelProfile> Profiles => [.. KernelProfiles.Available];

    static readonly Gen<double[]> Eight = Gen.Double[-1e6, 1e6].Array[8];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Arithmetic_is_that_of_doubles(KernelProfile profile) => Gen.Select(Eight, Eight, Eight).Sample((a, b, c) =>
    {
        Each(profile, Operation.Add, a, b, c, (x, y, _) => x + y);
        Each(profile, Operation.Subtract, a, b, c, (x, y, _) => x - y);
        Each(profile, Operation.Negate, a, b, c, (x, _, _) => -x);
        Each(profile, Operation.Multiply, a, b, c, (x, y, _) => x * y);
        Each(profile, Operation.Divide, a, b, c, (x, y, _) => x / y);
        Each(profile, Operation.Max, a, b, c, (x, y, _) => Math.Max(x, y));
        Each(profile, Operation.Min, a, b, c, (x, y, _) => Math.Min(x, y));
        Each(profile, Operation.LessThanSelect, a, b, c, (x, y, z) => x < y ? y : z);
        Each(profile, Operation.Broadcast, a, b, c, (_, _, _) => a[3]);
        Each(profile, Operation.Zero, a, b, c, (_, _, _) => 0);
    }, iter: 200);

    /// <summary>Rounded once or twice, but the same way in all lanes, and once wherever the hardware fuses.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void Multiply_add_rounds_as_its_profile_says(KernelProfile profile)
    {
        bool fused = profile != KernelProfile.Portable || System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported;
        Gen.Select(Eight, Eight, Eight).Sample((a, b, c) =>
            Each(profile, Operation.MultiplyAdd, a, b, c, (x, y, z) => fused ? Math.FusedMultiplyAdd(x, y, z) : x * y + z), iter: 200);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Sums_are_taken_in_the_stated_order(KernelProfile profile) => Eight.Sample(v =>
        Assert.Equal(((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])), Run(profile, Operation.Sum, v, v, v)[0]), iter: 1000);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Eight_sums_at_once_have_the_bits_of_each(KernelProfile profile) => Gen.Double[-1e6, 1e6].Array[64].Sample(values =>
    {
        double[] target = KernelProfiles.Run(profile, new ManySums(values));
        for (int i = 0; i < 8; i++)
            Assert.Equal(i + Run(profile, Operation.Sum, values[(8 * i)..(8 * i + 8)], values, values)[0], target[i]);
    }, iter: 200);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_nan_on_the_right_of_max_and_min_is_kept(KernelProfile profile)
    {
        double[] number = Fill(1), nan = Fill(double.NaN);
        Each(profile, Operation.Max, number, nan, number, (_, _, _) => double.NaN);
        Each(profile, Operation.Min, number, nan, number, (_, _, _) => double.NaN);
        Each(profile, Operation.LessThanSelect, nan, number, Fill(3), (_, _, _) => 3);
        Each(profile, Operation.LessThanSelect, number, nan, Fill(3), (_, _, _) => 3);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void High_parts_have_26_bits_and_exact_products(KernelProfile profile) => Gen.Select(Eight, Eight).Sample((a, b) =>
    {
        double[] highA = Run(profile, Operation.HighPart, a, a, a), highB = Run(profile, Operation.HighPart, b, b, b);
        for (int i = 0; i < 8; i++)
        {
            Assert.True(Math.Abs(a[i] - highA[i]) <= Math.Abs(a[i]) * Math.Pow(2, -25));
            Assert.Equal(0, Math.FusedMultiplyAdd(highA[i], highB[i], -(highA[i] * highB[i])));
        }
    }, iter: 500);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Scaling_rounds_once_down_to_the_subnormal_numbers(KernelProfile profile) =>
        Gen.Select(Gen.Double[0.5, 2].Array[8], Gen.Int[-1076, 1024].Select(n => (double)n).Array[8]).Sample((a, n) =>
            Each(profile, Operation.Scale, a, n, a, (x, y, _) => Math.ScaleB(x, (int)y)), iter: 2000);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Exponent_and_mantissa_take_a_number_apart(KernelProfile profile) =>
        Gen.Select(Gen.Double[1, 1.9999999999999998].Array[8], Gen.Int[-1022, 1023].Array[8]).Sample((m, e) =>
        {
            double[] values = [.. m.Zip(e, Math.ScaleB)];
            Assert.Equal(e.Select(n => (double)n), Run(profile, Operation.Exponent, values, m, m));
            Assert.Equal(m, Run(profile, Operation.Mantissa, values, m, m));
        }, iter: 1000);

    enum Operation { Add, Subtract, Negate, Multiply, Divide, MultiplyAdd, Max, Min, LessThanSelect, Broadcast, Zero, HighPart, Scale, Exponent, Mantissa, Sum }

    static double[] Fill(double value) => [.. Enumerable.Repeat(value, 8)];

    static double[] Run(KernelProfile profile, Operation operation, double[] a, double[] b, double[] c) =>
        KernelProfiles.Run(profile, new Calculation(operation, a, b, c));

    static void Each(KernelProfile profile, Operation operation, double[] a, double[] b, double[] c, Func<double, double, double, double> expected)
    {
        double[] actual = Run(profile, operation, a, b, c);
        for (int i = 0; i < 8; i++)
        {
            double right = expected(a[i], b[i], c[i]);
            Assert.True(right.Equals(actual[i]), $"{operation} in lane {i} of {a[i]:R}, {b[i]:R}, {c[i]:R}: {actual[i]:R} instead of {right:R}.");
        }
    }

    sealed class Calculation(Operation operation, double[] left, double[] right, double[] third) : ILanesVisitor<double[]>
    {
        public double[] Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            Assert.Equal(8, ILanes<TLanes>.Count);
            var result = new double[8];
            fixed (double* pa = left, pb = right, pc = third, pr = result)
            {
                TLanes a = TLanes.Load(pa), b = TLanes.Load(pb), c = TLanes.Load(pc);
                TLanes.Store(pr, operation switch
                {
                    Operation.Add => a + b,
                    Operation.Subtract => a - b,
                    Operation.Negate => -a,
                    Operation.Multiply => a * b,
                    Operation.Divide => a / b,
                    Operation.MultiplyAdd => TLanes.MultiplyAdd(a, b, c),
                    Operation.Max => TLanes.Max(a, b),
                    Operation.Min => TLanes.Min(a, b),
                    Operation.LessThanSelect => TLanes.Select(TLanes.LessThan(a, b), b, c),
                    Operation.Broadcast => TLanes.Broadcast(left[3]),
                    Operation.Zero => TLanes.Zero,
                    Operation.HighPart => TLanes.HighPart(a),
                    Operation.Scale => TLanes.ScaleByPowerOfTwo(a, b),
                    Operation.Exponent => TLanes.Exponent(a),
                    Operation.Mantissa => TLanes.Mantissa(a),
                    Operation.Sum => TLanes.Broadcast(TLanes.Sum(a)),
                    _ => throw new InvalidOperationException($"{operation}"),
                });
            }
            return result;
        }
    }

    /// <summary>0, 1, … 7 and to each the sum of the next eight values.</summary>
    sealed class ManySums(double[] values) : ILanesVisitor<double[]>
    {
        public double[] Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            double[] target = [0, 1, 2, 3, 4, 5, 6, 7];
            fixed (double* v = values, t = target)
                TLanes.AddSums(t, TLanes.Load(v), TLanes.Load(v + 8), TLanes.Load(v + 16), TLanes.Load(v + 24), TLanes.Load(v + 32), TLanes.Load(v + 40), TLanes.Load(v + 48), TLanes.Load(v + 56));
            return target;
        }
    }
}
