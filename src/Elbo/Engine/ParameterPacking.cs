using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Elbo.Engine;

/// <summary>
/// Any parameters as a vector of free coordinates, derived from their tensors: for extrapolation, quasi-Newton steps, norms, and counting for AIC and BIC.
/// </summary>
/// <remarks>
/// <para>
/// Unconstrained coordinates, all reals: Real as it is; Positive → log x; a Simplex row of n entries above 0 → its n − 1 isometric log-ratios,
/// √(i/(i+1)) (mean of log x₁ … log x_i − log x_i+1) (Egozcue et al. 2003), in which no entry is singled out; PositiveDefinite → its Cholesky factor, the
/// diagonal in logarithms (Pinheiro, Bates 1996). Natural coordinates: the values, without a row's last entry above 0, and the lower triangle.
/// </para>
/// <para>Entries of a Simplex row that are exactly 0 are structural: they are not free and stay 0. Fixed tensors, integers and bytes stay as they are.</para>
/// </remarks>
public static class ParameterPacking
{
    /// <summary>How many free parameters the model has. A probability that an M-step made 0 was free all the same; structural zeros are for the caller to take off.</summary>
    /// <exception cref="ArgumentException">A value breaks its tensor's constraint.</exception>
    public static int FreeCount<T>(T parameters) where T : ITensors<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Natural(parameters).Length + TensorSet.Of(parameters).Tensors.Where(tensor => tensor.Constraint == TensorConstraint.Simplex).Sum(tensor => ((double[])tensor.Values).Count(value => value == 0));
    }

    /// <summary>The unconstrained coordinates.</summary>
    /// <exception cref="ArgumentException">A value breaks its tensor's constraint, which the message names.</exception>
    public static double[] Pack<T>(T parameters) where T : ITensors<T> => Read(parameters, natural: false);

    /// <summary>The natural coordinates. For a mixture of two Poisson distributions these are (π₁, λ₁, λ₂).</summary>
    /// <exception cref="ArgumentException">A value breaks its tensor's constraint, which the message names.</exception>
    public static double[] Natural<T>(T parameters) where T : ITensors<T> => Read(parameters, natural: true);

    /// <summary>The Euclidean distance in natural coordinates; ∞ where the two have not as many, as when a probability became 0.</summary>
    internal static double Distance<T>(T left, T right) where T : ITensors<T>
    {
        double[] first = Natural(left), second = Natural(right);
        if (first.Length != second.Length) return double.PositiveInfinity;
        double sum = 0;
        for (int i = 0; i < first.Length; i++) sum += (first[i] - second[i]) * (first[i] - second[i]);
        return Math.Sqrt(sum);
    }

    /// <summary>The parameters at unconstrained coordinates; what is not free is the template's.</summary>
    /// <param name="coordinates">As <see cref="Pack"/> gives them for parameters with the template's shapes and structural zeros.</param>
    /// <param name="template">Parameters of the same model.</param>
    /// <exception cref="ArgumentException">There are too many or too few coordinates, or the point is outside the range of double.</exception>
    public static T Unpack<T>(ReadOnlySpan<double> coordinates, T template) where T : class, ITensors<T> =>
        TryUnpack(coordinates, template, out T? parameters) ? parameters
            : throw new ArgumentException("There are no such parameters: a coordinate is not finite, or a value overflows, underflows or is refused by the parameters' FromTensors.", nameof(coordinates));

    /// <summary>The same, but false where there are no such parameters: a coordinate is not finite, a value over- or underflows, or <see cref="ITensors{TSelf}.FromTensors"/> refuses it.</summary>
    /// <param name="coordinates">As <see cref="Pack"/> gives them for parameters with the template's shapes and structural zeros.</param>
    /// <param name="template">Parameters of the same model.</param>
    /// <param name="parameters">The parameters, where there are any.</param>
    /// <exception cref="ArgumentException">There are too many or too few coordinates.</exception>
    public static bool TryUnpack<T>(ReadOnlySpan<double> coordinates, T template, [NotNullWhen(true)] out T? parameters) where T : class, ITensors<T>
    {
        ArgumentNullException.ThrowIfNull(template);
        parameters = null;
        var set = new TensorSet();
        int used = 0;
        bool valid = true;
        foreach (NamedTensor tensor in TensorSet.Of(template).Tensors)
        {
            // The values are a copy, so they may be written over.
            if (tensor.Values is double[] values)
            {
                foreach ((int first, int length) in Blocks(tensor.Constraint, [.. tensor.Shape], values.Length))
                    valid &= UnpackBlock(coordinates, ref used, values.AsSpan(first, length), tensor.Constraint);
            }
            set.Add(tensor);
        }
        if (used != coordinates.Length)
            throw new ArgumentException($"{coordinates.Length} coordinates were given for parameters that have {used}.", nameof(coordinates));
        if (!valid) return false;
        try
        {
            parameters = T.FromTensors(set);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>The unconstrained coordinates, or null where a value breaks its constraint.</summary>
    internal static double[]? TryPack<T>(T parameters) where T : ITensors<T>
    {
        var reader = new Reader(natural: false);
        parameters.Describe(reader);
        return reader.Failure is null ? [.. reader.Coordinates] : null;
    }

    static double[] Read<T>(T parameters, bool natural) where T : ITensors<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var reader = new Reader(natural);
        parameters.Describe(reader);
        return reader.Failure is null ? [.. reader.Coordinates] : throw new ArgumentException(reader.Failure, nameof(parameters));
    }

    // What is packed together: a row, a matrix, else the whole tensor.
    static IEnumerable<(int First, int Length)> Blocks(TensorConstraint constraint, long[] shape, int count)
    {
        int length = constraint switch
        {
            TensorConstraint.Simplex when shape.Length >= 1 => (int)shape[^1],
            TensorConstraint.PositiveDefinite when shape.Length >= 2 && shape[^1] == shape[^2] => (int)(shape[^1] * shape[^2]),
            TensorConstraint.Simplex or TensorConstraint.PositiveDefinite => throw new ArgumentException($"A tensor of shape [{string.Join(", ", shape)}] cannot be {constraint}."),
            _ => count,
        };
        for (int first = 0; length > 0 && first < count; first += length) yield return (first, length);
    }

    sealed class Reader(bool natural) : ITensorVisitor
    {
        public List<double> Coordinates { get; } = [];

        public string? Failure { get; private set; }

        public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<double> values, TensorConstraint constraint)
        {
            foreach ((int first, int length) in Blocks(constraint, shape.ToArray(), values.Length))
            {
                ReadOnlySpan<double> block = values.Slice(first, length);
                bool valid = constraint switch
                {
                    TensorConstraint.Real => Scalars(block, double.NegativeInfinity, static x => x),
                    TensorConstraint.Positive => Scalars(block, 0, natural ? static x => x : Math.Log),
                    TensorConstraint.Simplex => Row(block),
                    TensorConstraint.PositiveDefinite => Matrix(block),
                    _ => true,
                };
                if (!valid) Failure ??= string.Create(CultureInfo.InvariantCulture, $"Tensor '{name}' cannot be packed: what begins at place {first} is not {constraint}.");
            }
        }

        public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<int> values)
        {
        }

        public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values)
        {
        }

        bool Scalars(ReadOnlySpan<double> values, double above, Func<double, double> map)
        {
            foreach (double value in values)
            {
                if (!(value > above && double.IsFinite(value))) return false;
                Coordinates.Add(map(value));
            }
            return true;
        }

        bool Row(ReadOnlySpan<double> row)
        {
            int seen = 0, begin = Coordinates.Count;
            double logs = 0;
            foreach (double value in row)
            {
                if (!(value >= 0 && double.IsFinite(value))) return false;
                if (value == 0) continue;
                double log = Math.Log(value);
                if (natural) Coordinates.Add(value);
                else if (seen > 0) Coordinates.Add(Math.Sqrt(seen / (seen + 1.0)) * (logs / seen - log));
                logs += log;
                seen++;
            }
            if (natural && Coordinates.Count > begin) Coordinates.RemoveAt(Coordinates.Count - 1);
            return seen > 0;
        }

        bool Matrix(ReadOnlySpan<double> matrix)
        {
            int size = (int)Math.Sqrt(matrix.Length);
            var factor = new double[matrix.Length];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double rest = matrix[i * size + j];
                    for (int k = 0; k < j; k++) rest -= factor[i * size + k] * factor[j * size + k];
                    if (i == j && !(rest > 0 && double.IsFinite(rest))) return false;
                    factor[i * size + j] = i == j ? Math.Sqrt(rest) : rest / factor[j * size + j];
                    Coordinates.Add(natural ? matrix[i * size + j] : i == j ? Math.Log(factor[i * size + j]) : factor[i * size + j]);
                }
            }
            return true;
        }
    }

    static bool UnpackBlock(ReadOnlySpan<double> coordinates, ref int used, Span<double> block, TensorConstraint constraint)
    {
        int count = constraint switch
        {
            TensorConstraint.Real or TensorConstraint.Positive => block.Length,
            TensorConstraint.Simplex => block.Length - block.Count(0) - 1,
            TensorConstraint.PositiveDefinite => (block.Length + (int)Math.Sqrt(block.Length)) / 2,
            _ => 0,
        };
        int first = used;
        used += count;
        if (count == 0) return true;
        if (used > coordinates.Length) return false;
        ReadOnlySpan<double> own = coordinates.Slice(first, count);
        switch (constraint)
        {
            case TensorConstraint.Simplex: return UnpackRow(own, block);
            case TensorConstraint.PositiveDefinite: return UnpackMatrix(own, block);
            default:
                bool valid = true;
                for (int i = 0; i < count; i++)
                {
                    block[i] = constraint == TensorConstraint.Positive ? Math.Exp(own[i]) : own[i];
                    valid &= double.IsFinite(block[i]) && (constraint == TensorConstraint.Real || block[i] > 0);
                }
                return valid;
        }
    }

    static bool UnpackRow(ReadOnlySpan<double> coordinates, Span<double> row)
    {
        // log x up to a constant: 0 for the first, then each from the mean of those before.
        double mean = 0, largest = 0, sum = 0;
        int seen = 0;
        var logs = new double[coordinates.Length + 1];
        for (; seen < coordinates.Length; seen++)
        {
            if (!double.IsFinite(coordinates[seen])) return false;
            int before = seen + 1;
            logs[before] = mean - coordinates[seen] * Math.Sqrt((before + 1.0) / before);
            mean += (logs[before] - mean) / (before + 1);
            largest = Math.Max(largest, logs[before]);
        }
        seen = 0;
        foreach (ref double value in row)
        {
            if (value == 0) continue;
            value = Math.Exp(logs[seen++] - largest);
            if (!(value > 0)) return false;
            sum += value;
        }
        bool valid = double.IsFinite(sum);
        foreach (ref double value in row)
        {
            if (value == 0) continue;
            value /= sum;
            valid &= value > 0;
        }
        return valid;
    }

    static bool UnpackMatrix(ReadOnlySpan<double> coordinates, Span<double> matrix)
    {
        int size = (int)Math.Sqrt(matrix.Length), next = 0;
        var factor = new double[matrix.Length];
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++, next++)
                factor[i * size + j] = i == j ? Math.Exp(coordinates[next]) : coordinates[next];
        bool valid = true;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k <= j; k++) sum += factor[i * size + k] * factor[j * size + k];
                matrix[i * size + j] = matrix[j * size + i] = sum;
                valid &= double.IsFinite(sum) && (i != j || factor[i * size + i] > 0);
            }
        }
        return valid;
    }
}
