using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// The counter-based random generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011),
/// and draws from the distributions that fits start from.
/// </summary>
/// <remarks>
/// The seed is the key and the stream is the upper half of the 128-bit counter, so the streams of one seed never overlap: each has 2⁶⁴ blocks of
/// four 32-bit words. Every seed and every stream is ordinary, 0 included. The same seed, stream and calls give the same bits on every
/// operating system, processor and kernel profile: distributions are made with IEEE basic operations only, never with the platform's
/// logarithm. Not thread-safe: give each piece of work its own stream. Not for cryptography.
/// </remarks>
public sealed class Philox
{
    const int WordsPerBlock = 4;

    readonly ulong _seed;
    readonly ulong _stream;
    ulong _nextBlock;
    Block _words;
    int _used = WordsPerBlock;

    /// <summary>Stream 0 of a seed.</summary>
    public Philox(ulong seed) : this(seed, 0)
    {
    }

    Philox(ulong seed, ulong stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>A stream of a seed, from its beginning. Streams of the same seed are independent of each other.</summary>
    public static Philox ForStream(ulong seed, ulong stream) => new(seed, stream);

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_used == WordsPerBlock)
        {
            _words = Generate(_nextBlock++, _stream, _seed);
            _used = 0;
        }
        return _words[_used++];
    }

    /// <summary>64 random bits: two words, the lower one first.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform on [0, 1): a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on (0, 1]: a multiple of 2⁻⁵³. Its logarithm is always finite.</summary>
    public double NextDoublePositive() => ((NextUInt64() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0, 1, … <paramref name="exclusiveMax"/> − 1, without bias (Lemire, "Fast random integer generation in an interval", 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is below 1.</exception>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        uint range = (uint)exclusiveMax;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            // 2³² mod range of the words would make some results likelier than others: they are drawn again.
            uint surplus = unchecked(0u - range) % range;
            while ((uint)product < surplus) product = (ulong)NextUInt32() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A standard normal draw by Marsaglia's polar method. The second value of each pair is thrown away, so that the counter is the whole state.</summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1;
            double v = 2 * NextDouble() - 1;
            double s = u * u + v * v;
            if (s < 1 && s > 0) return u * Math.Sqrt(-2 * StableMath.Log(s) / s);
        }
    }

    /// <summary>
    /// A draw from Gamma(<paramref name="shape"/>, scale 1) by the method of Marsaglia and Tsang (2000). With a shape far below 1 most draws are
    /// tiny, and those below the smallest double come out as 0: see <see cref="NextLogGamma"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is outside [1e-300, 1e300].</exception>
    public double NextGamma(double shape)
    {
        CheckShape(shape);
        if (shape < 1) return StableMath.Exp(NextLogGamma(shape));
        return NextGammaFromOne(shape);
    }

    /// <summary>The logarithm of a draw from Gamma(<paramref name="shape"/>, scale 1), which does not underflow however small the shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is outside [1e-300, 1e300].</exception>
    public double NextLogGamma(double shape)
    {
        CheckShape(shape);
        if (shape >= 1) return StableMath.Log(NextGammaFromOne(shape));

        // G(a) has the distribution of G(a + 1) U^(1/a).
        double larger = StableMath.Log(NextGammaFromOne(shape + 1));
        return larger + StableMath.Log(NextDoublePositive()) / shape;
    }

    /// <summary>A draw from Poisson(<paramref name="rate"/>), in time proportional to the rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or above 1e9.</exception>
    public long NextPoisson(double rate)
    {
        if (!(rate is >= 0 and <= 1e9)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate of a Poisson draw must be from 0 to 1e9.");

        // Arrivals of a process of rate 1 before the given time; their product of uniforms is kept from underflow by taking the time in parts.
        const double Part = 500;
        long count = 0;
        for (double rest = rate; rest > 0; rest -= Part)
        {
            double limit = StableMath.Exp(-Math.Min(rest, Part));
            for (double product = NextDoublePositive(); product > limit; product *= NextDoublePositive()) count++;
        }
        return count;
    }

    /// <summary>A draw of an index, each with the probability in its place.</summary>
    /// <param name="probabilities">Numbers ≥ 0 that add up to 1; an index of probability 0 is never drawn.</param>
    public int NextCategorical(ReadOnlySpan<double> probabilities)
    {
        double u = NextDouble();
        int last = -1;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] <= 0) continue;
            last = i;
            u -= probabilities[i];
            if (u < 0) break;
        }
        return last >= 0 ? last : throw new ArgumentException("No probability is above 0.", nameof(probabilities));
    }

    /// <summary>
    /// A draw from Dirichlet(<paramref name="alpha"/>). It is normalised in logarithms, so that with tiny parameters it is nearly a corner of
    /// the simplex, never 0/0.
    /// </summary>
    /// <param name="alpha">The parameters, at least one, each in [1e-300, 1e300].</param>
    /// <param name="into">Receives as many numbers ≥ 0 that add up to 1. May be the same memory as <paramref name="alpha"/>.</param>
    /// <exception cref="ArgumentException">There is no parameter, or the lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside [1e-300, 1e300].</exception>
    public void NextDirichlet(ReadOnlySpan<double> alpha, Span<double> into)
    {
        if (alpha.IsEmpty) throw new ArgumentException("A Dirichlet distribution needs at least one parameter.", nameof(alpha));
        if (alpha.Length != into.Length) throw new ArgumentException($"{alpha.Length} parameters do not fit {into.Length} places.", nameof(into));

        double max = double.NegativeInfinity;
        for (int i = 0; i < alpha.Length; i++)
        {
            into[i] = NextLogGamma(alpha[i]);
            max = Math.Max(max, into[i]);
        }
        double sum = 0;
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = StableMath.Exp(into[i] - max);
            sum += into[i];
        }
        for (int i = 0; i < into.Length; i++) into[i] /= sum;
    }

    /// <summary>Puts the elements into a random order, every order being as likely as any other (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>
    /// Moves ahead by <paramref name="blocks"/> blocks of four words, as 4·<paramref name="blocks"/> calls of <see cref="NextUInt32"/> would,
    /// at the cost of at most one block.
    /// </summary>
    public void Skip(ulong blocks)
    {
        unchecked
        {
            _nextBlock += blocks;
        }
        if (_used < WordsPerBlock) _words = Generate(unchecked(_nextBlock - 1), _stream, _seed);
    }

    /// <summary>Marsaglia and Tsang's squeeze for shape ≥ 1.</summary>
    double NextGammaFromOne(double shape)
    {
        double d = shape - 1.0 / 3.0;
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal();
            double root = 1 + c * x;
            if (root <= 0) continue;

            double v = root * root * root;
            double u = NextDoublePositive();
            double square = x * x;
            if (u < 1 - 0.0331 * square * square || StableMath.Log(u) < 0.5 * square + d * (1 - v + StableMath.Log(v)))
                return d * v;
        }
    }

    static void CheckShape(double shape)
    {
        // Below 1e-300 even the logarithm of a draw may be −∞, and a Dirichlet draw 0/0.
        if (!(shape >= 1e-300 && shape <= 1e300))
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape of a gamma distribution must lie in [1e-300, 1e300].");
    }

    /// <summary>The ten rounds: the counter is (block, stream), four words, lowest first; the key is the seed, two words.</summary>
    static Block Generate(ulong block, ulong stream, ulong seed)
    {
        unchecked
        {
            uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
            uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
            for (int round = 0; round < 10; round++)
            {
                ulong even = 0xD2511F53UL * c0;
                ulong odd = 0xCD9E8D57UL * c2;
                (c0, c1, c2, c3) = ((uint)(odd >> 32) ^ c1 ^ k0, (uint)odd, (uint)(even >> 32) ^ c3 ^ k1, (uint)even);
                k0 += 0x9E3779B9; // the golden ratio
                k1 += 0xBB67AE85; // √3 − 1
            }
            Block words = default;
            words[0] = c0;
            words[1] = c1;
            words[2] = c2;
            words[3] = c3;
            return words;
        }
    }

    [InlineArray(WordsPerBlock)]
    struct Block
    {
        uint _word;
    }
}
