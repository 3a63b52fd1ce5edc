using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Elbo.Engine;

/// <summary>One named tensor of a <see cref="TensorSet"/>: its shape, and its values as one array of double, int or byte.</summary>
public sealed class NamedTensor
{
    internal NamedTensor(string name, long[] shape, Array values, TensorConstraint constraint)
    {
        Name = name;
        Shape = shape;
        Values = values;
        Constraint = constraint;
        long count = 1;
        foreach (long length in shape)
            count = length >= 0 ? checked(count * length) : throw new ArgumentException($"Tensor '{name}' has a length below 0.", nameof(shape));
        if (count != values.LongLength)
            throw new ArgumentException($"Tensor '{name}' of shape [{string.Join(", ", shape)}] needs {count} values and was given {values.LongLength}.", nameof(values));
    }

    /// <summary>Its name within the set.</summary>
    public string Name { get; }

    /// <summary>The length of each axis; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>A double[], int[] or byte[], row-major.</summary>
    public Array Values { get; }

    /// <summary>What the values may be.</summary>
    public TensorConstraint Constraint { get; }

    /// <summary>The values as little-endian bytes, without a copy.</summary>
    public ReadOnlySpan<byte> Bytes => Values switch
    {
        double[] values => MemoryMarshal.AsBytes(values.AsSpan()),
        int[] values => MemoryMarshal.AsBytes(values.AsSpan()),
        byte[] values => values,
        _ => throw new InvalidOperationException($"Tensor '{Name}' holds {Values.GetType()}."),
    };
}

/// <summary>Named tensors in order: what <see cref="ITensors{TSelf}.Describe"/> shows and <see cref="ITensors{TSelf}.FromTensors"/> reads. Not thread-safe while it is filled.</summary>
public sealed class TensorSet : ITensorVisitor
{
    readonly List<NamedTensor> _tensors = [];
    readonly Dictionary<string, NamedTensor> _byName = new(StringComparer.Ordinal);

    /// <summary>A copy of all tensors of a value.</summary>
    public static TensorSet Of<T>(T value) where T : ITensors<T>
    {
        var set = new TensorSet();
        value.Describe(set);
        return set;
    }

    /// <summary>The tensors in the order in which they were added.</summary>
    public IReadOnlyList<NamedTensor> Tensors => _tensors;

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<double> values, TensorConstraint constraint) =>
        Add(new NamedTensor(name, shape.ToArray(), values.ToArray(), constraint));

    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<int> values) =>
        Add(new NamedTensor(name, shape.ToArray(), values.ToArray(), TensorConstraint.Fixed));

    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values) =>
        Add(new NamedTensor(name, shape.ToArray(), values.ToArray(), TensorConstraint.Fixed));

    /// <summary>Adds a whole value's tensors under names that begin with <paramref name="prefix"/>.</summary>
    public void Add<T>(string prefix, T value) where T : ITensors<T> => Add(prefix, Of(value));

    internal void Add(string prefix, TensorSet part)
    {
        foreach (NamedTensor tensor in part.Tensors)
            Add(new NamedTensor(prefix + tensor.Name, [.. tensor.Shape], tensor.Values, tensor.Constraint));
    }

    /// <summary>The tensors whose names begin with <paramref name="prefix"/>, under what follows it. The values are shared.</summary>
    public TensorSet Under(string prefix)
    {
        var set = new TensorSet();
        foreach (NamedTensor tensor in _tensors)
            if (tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
                set.Add(new NamedTensor(tensor.Name[prefix.Length..], [.. tensor.Shape], tensor.Values, tensor.Constraint));
        return set;
    }

    /// <summary>The doubles of a tensor; each length of <paramref name="shape"/> must agree, −1 agrees with any. The values are checked against the constraint.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, or differs in type, shape or range.</exception>
    public double[] Doubles(string name, TensorConstraint constraint, params ReadOnlySpan<long> shape)
    {
        double[] values = Read<double>(name, shape);
        for (int i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]) || (constraint == TensorConstraint.Positive && values[i] <= 0) || (constraint == TensorConstraint.Simplex && values[i] < 0))
                throw new InvalidDataException($"Tensor '{name}' has {values[i]:R} at place {i}, which cannot be ({constraint}).");
        if (constraint == TensorConstraint.Simplex)
            CheckSums(name, values, checked((int)_byName[name].Shape[^1]));
        return values;
    }

    /// <summary>The integers of a tensor, its shape checked as by <see cref="Doubles"/>.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, or differs in type or shape.</exception>
    public int[] Integers(string name, params ReadOnlySpan<long> shape) => Read<int>(name, shape);

    /// <summary>The bytes of a tensor, its shape checked as by <see cref="Doubles"/>.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, or differs in type or shape.</exception>
    public byte[] Raw(string name, params ReadOnlySpan<long> shape) => Read<byte>(name, shape);

    /// <summary>The length of one axis of a tensor, which must not be 0: the number of components or columns.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, has fewer axes, or is empty along this one.</exception>
    public int Length(string name, int axis)
    {
        NamedTensor tensor = Find(name);
        if (axis >= tensor.Shape.Count)
            throw new InvalidDataException($"Tensor '{name}' has {tensor.Shape.Count} axes and no axis {axis}.");
        return tensor.Shape[axis] > 0 ? checked((int)tensor.Shape[axis]) : throw new InvalidDataException($"Tensor '{name}' is empty along axis {axis}.");
    }

    internal void Add(NamedTensor tensor)
    {
        if (!_byName.TryAdd(tensor.Name, tensor))
            throw new ArgumentException($"There are two tensors of the name '{tensor.Name}'.", nameof(tensor));
        _tensors.Add(tensor);
    }

    NamedTensor Find(string name) =>
        TryFind(name, out NamedTensor? tensor) ? tensor : throw new InvalidDataException($"Tensor '{name}' is missing.");

    bool TryFind(string name, [NotNullWhen(true)] out NamedTensor? tensor) => _byName.TryGetValue(name, out tensor);

    T[] Read<T>(string name, ReadOnlySpan<long> shape)
    {
        NamedTensor tensor = Find(name);
        bool same = tensor.Shape.Count == shape.Length;
        for (int axis = 0; same && axis < shape.Length; axis++)
            same = shape[axis] == -1 || shape[axis] == tensor.Shape[axis];
        if (!same)
            throw new InvalidDataException($"Tensor '{name}' has the shape [{string.Join(", ", tensor.Shape)}] where [{string.Join(", ", shape.ToArray())}] was expected (-1 stands for any).");
        return tensor.Values as T[] ?? throw new InvalidDataException($"Tensor '{name}' holds {tensor.Values.GetType().GetElementType()!.Name} where {typeof(T).Name} was expected.");
    }

    static void CheckSums(string name, double[] values, int length)
    {
        if (length == 0) return;
        for (int start = 0; start < values.Length; start += length)
        {
            double sum = 0;
            for (int i = start; i < start + length; i++) sum += values[i];
            if (Math.Abs(sum - 1) > 1e-9)
                throw new InvalidDataException($"Tensor '{name}' has a row that begins at {start} and adds up to {sum:R}, not to 1.");
        }
    }
}
