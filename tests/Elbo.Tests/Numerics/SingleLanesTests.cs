using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed unsafe class SingleLanesTests
{
    public static TheoryData<KernelProfile> Profiles => [.. KernelProfiles.Available];

    static readonly Gen<float[]> Sixteen = Gen.Float[-1e6f, 1e6f].Array[16];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Arithmetic_is_that_of_single_precision(KernelProfile profile) => Gen.Select(Sixteen, Sixteen, Sixteen).Sample((a, b, c) =>
    {
        Each(profile, Operation.Add, a, b, c, (x, y, _) => x + y);
        Each(profile, Operation.Subtract, a, b, c, (x, y, _) => x - y);
        Each(profile, Operation.Negate, a, b, c, (x, _, _) => -x);
        Each(profile, Operation.Multiply, a, b, c, (x, y, _) => x * y);
        Each(profile, Operation.Divide, a, b, c, (x, y, _) => x / y);
        Each(profile, Operation.Max, a, b, c, (x, y, _) => MathF.Max(x, y));
        Each(profile, Operation.Min, a, b, c, (x, y, _) => MathF.Min(x, y));
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
        Gen.Select(Sixteen, Sixteen, Sixteen).Sample((a, b, c) =>
            Each(profile, Operation.MultiplyAdd, a, b, c, (x, y, z) => fused ? MathF.FusedMultiplyAdd(x, y, z) : x * y + z), iter: 200);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Sums_are_taken_in_the_stated_order(KernelProfile profile) => Sixteen.Sample(v =>
    {
        float[] w = [.. Enumerable.Range(0, 8).Select(i => v[i] + v[i + 8])];
        float[] x = [.. Enumerable.Range(0, 4).Select(i => w[i] + w[i + 4])];
        Assert.Equal((x[0] + x[2]) + (x[1] + x[3]), Run(profile, Operation.Sum, v, v, v)[0]);
    }, iter: 1000);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Eight_sums_at_once_have_the_bits_of_each(KernelProfile profile) => Gen.Float[-1e6f, 1e6f].Array[128].Sample(values =>
    {
        float[] target = KernelProfiles.Run(profile, new ManySums(values));
        for (int i = 0; i < 8; i++)
            Assert.Equal(Run(profile, Operation.Sum, values[(16 * i)..(16 * i + 16)], values, values)[0], target[i]);
        Assert.Equal([-1, -2], target[8..]);
    }, iter: 500);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Places_are_read_in_their_order(KernelProfile profile) => Gen.Int[0, 99].Array[16].Sample(places =>
    {
        float[] source = [.. Enumerable.Range(0, 100).Select(i => i * 0.1f)];
        Assert.Equal(places.Select(i => source[i]), KernelProfiles.Run(profile, new Gathering(source, places)));
    }, iter: 500);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_nan_on_the_right_of_max_and_min_is_kept(KernelProfile profile)
    {
        float[] number = Fill(1), nan = Fill(float.NaN);
        Each(profile, Operation.Max, number, nan, number, (_, _, _) => float.NaN);
        Each(profile, Operation.Min, number, nan, number, (_, _, _) => float.NaN);
        Each(profile, Operation.LessThanSelect, nan, number, Fill(3), (_, _, _) => 3);
        Each(profile, Operation.LessThanSelect, number, nan, Fill(3), (_, _, _) => 3);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Scaling_is_exact(KernelProfile profile)
    {
        Gen.Select(Gen.Float[0.5f, 2].Array[16], Gen.Int[-125, 127].Array[16]).Sample(Scales, iter: 2000);
        Gen.Select(Gen.Float[1, 4].Array[16], Gen.Int[-126, 127].Array[16]).Sample(Scales, iter: 2000);

        void Scales(float[] a, int[] n) => Each(profile, Operation.Scale, a, [.. n.Select(i => (float)i)], a, (x, y, _) => MathF.ScaleB(x, (int)y));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Exponent_and_mantissa_take_a_number_apart(KernelProfile profile) =>
        Gen.Select(Gen.Float[1, 1.9999999f].Array[16], Gen.Int[-126, 127].Array[16]).Sample((m, e) =>
        {
            float[] values = [.. m.Zip(e, MathF.ScaleB)];
            Assert.Equal(e.Select(n => (float)n), Run(profile, Operation.Exponent, values, m, m));
            Assert.Equal(m, Run(profile, Operation.Mantissa, values, m, m));
        }, iter: 1000);

    enum Operation { Add, Subtract, Negate, Multiply, Divide, MultiplyAdd, Max, Min, LessThanSelect, Broadcast, Zero, Scale, Exponent, Mantissa, Sum }

    static float[] Fill(float value) => [.. Enumerable.Repeat(value, 16)];

    static float[] Run(KernelProfile profile, Operation operation, float[] a, float[] b, float[] c) =>
        KernelProfiles.Run(profile, new Calculation(operation, a, b, c));

    static void Each(KernelProfile profile, Operation operation, float[] a, float[] b, float[] c, Func<float, float, float, float> expected)
    {
        float[] actual = Run(profile, operation, a, b, c);
        for (int i = 0; i < 16; i++)
        {
            float right = expected(a[i], b[i], c[i]);
            Assert.True(right.Equals(actual[i]), $"{operation} in lane {i} of {a[i]:R}, {b[i]:R}, {c[i]:R}: {actual[i]:R} instead of {right:R}.");
        }
    }

    sealed class Calculation(Operation operation, float[] left, float[] right, float[] third) : ISingleLanesVisitor<float[]>
    {
        public float[] Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>
        {
            Assert.Equal(16, ISingleLanes<TLanes>.Count);
            var result = new float[16];
            fixed (float* pa = left, pb = right, pc = third, pr = result)
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

    /// <summary>The sums of eight times sixteen values, and what stood behind them.</summary>
    sealed class ManySums(float[] values) : ISingleLanesVisitor<float[]>
    {
        public float[] Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>
        {
            float[] target = [1, 1, 1, 1, 1, 1, 1, 1, -1, -2];
            fixed (float* v = values, t = target)
                TLanes.StoreSums(t, TLanes.Load(v), TLanes.Load(v + 16), TLanes.Load(v + 32), TLanes.Load(v + 48), TLanes.Load(v + 64), TLanes.Load(v + 80), TLanes.Load(v + 96), TLanes.Load(v + 112));
            return target;
        }
    }

    sealed class Gathering(float[] source, int[] places) : ISingleLanesVisitor<float[]>
    {
        public float[] Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>
        {
            var result = new float[16];
            fixed (float* s = source, r = result)
            fixed (int* p = places)
                TLanes.Store(r, TLanes.Gather(s, p));
            return result;
        }
    }
}
