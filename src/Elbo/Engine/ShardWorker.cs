using System.Buffers.Binary;
using System.Collections.Concurrent;
using Elbo.Files;

namespace Elbo.Engine;

/// <summary>
/// The E-step over some of the shards of data, with its types erased: parameters come as bytes, sums leave as bytes. What a worker of a cluster holds;
/// the executor on the other side knows the types. Bytes are the safetensors of <see cref="ITensors{TSelf}"/>, checked as hostile when they are read.
/// </summary>
public abstract class ShardWorker
{
    private protected ShardWorker()
    {
    }

    /// <summary>How many shards all the data have.</summary>
    public abstract int Shards { get; }

    /// <summary>What the E-step promises.</summary>
    public abstract Guarantee Guarantee { get; }

    /// <summary>The names of the bound's terms.</summary>
    public abstract IReadOnlyList<string> TermNames { get; }

    /// <summary>
    /// Gets ready for an E-step over the shards from <paramref name="first"/> up to, without, <paramref name="end"/>. One step of a worker at a time: the next is begun when the sums of this one
    /// have been taken, or every thread has left it.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not parameters of this model.</exception>
    public abstract ShardStep Begin(byte[] parameters, int first, int end);

    /// <summary>A worker for a model of any types.</summary>
    /// <param name="shards">All the data, cut by the data alone.</param>
    /// <param name="model">Makes the statistics.</param>
    /// <param name="eStep">The E-step; it must keep no local state, so that any worker can repeat any shard.</param>
    public static ShardWorker Create<TBatch, TParameters, TStatistics>(IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(eStep);
        return new Typed<TBatch, TParameters, TStatistics>(shards, model, eStep);
    }

    sealed class Typed<TBatch, TParameters, TStatistics>(IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep) : ShardWorker
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        readonly ConcurrentBag<TStatistics> _spare = [];
        byte[] _shapes = [];

        public override int Shards => shards.Count;

        public override Guarantee Guarantee => eStep.Guarantee;

        public override IReadOnlyList<string> TermNames => eStep.TermNames;

        public override ShardStep Begin(byte[] parameters, int first, int end)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            if (first < 0 || end <= first || end > shards.Count)
                throw new ArgumentOutOfRangeException(nameof(first), $"There are no shards {first} to {end - 1} of {shards.Count}.");
            TParameters decoded = TensorBytes.Decode<TParameters>(parameters, "the parameters");
            // Statistics serve again only for parameters of the same shapes: another fit, or one that has dropped a component, has others.
            ReadOnlySpan<byte> shapes = TensorBytes.HeaderOf(parameters);
            if (!shapes.SequenceEqual(_shapes))
            {
                _spare.Clear();
                _shapes = shapes.ToArray();
            }
            return new Step(this, decoded, first, end);
        }

        TStatistics Rent(TParameters parameters) =>
            _spare.TryTake(out TStatistics? used) ? model.Renew(used, parameters) : model.CreateStatistics(parameters);

        sealed class Step : ShardStep
        {
            readonly Typed<TBatch, TParameters, TStatistics> _worker;
            readonly ShardTree<TStatistics> _tree;
            readonly ShardRun<TBatch, TParameters, TStatistics> _run;

            public Step(Typed<TBatch, TParameters, TStatistics> worker, TParameters parameters, int first, int end)
            {
                _worker = worker;
                _tree = new ShardTree<TStatistics>(worker.Shards, spare => worker._spare.Add(spare));
                _run = new ShardRun<TBatch, TParameters, TStatistics>(worker.ShardsOf, worker.EStepOf, parameters, _tree, first, end, () => worker.Rent(parameters));
            }

            public override void Work(CancellationToken cancellationToken) => _run.Work(cancellationToken);

            public override IReadOnlyList<ShardSum> TakeSums()
            {
                _run.ThrowIfFailed();
                var sums = new List<ShardSum>();
                foreach ((int level, int index, EStepResult<TStatistics> sum) in _tree.Sums)
                {
                    sums.Add(new ShardSum(level, index, sum.Bound, sum.Magnitude, TensorBytes.Encode(sum.Statistics)));
                    _worker._spare.Add(sum.Statistics);
                }
                return sums;
            }
        }

        IShards<TBatch> ShardsOf => shards;
        IEStep<TBatch, TParameters, TStatistics> EStepOf => eStep;
    }
}

/// <summary>One E-step of a <see cref="ShardWorker"/>.</summary>
public abstract class ShardStep
{
    private protected ShardStep()
    {
    }

    /// <summary>Works until no shard is left. Any number of threads may be in here at once; the bits of the sums do not depend on how many.</summary>
    public abstract void Work(CancellationToken cancellationToken);

    /// <summary>The sums of the largest whole subtrees of the shards; to be called once, when every thread has left <see cref="Work"/>.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract IReadOnlyList<ShardSum> TakeSums();
}

/// <summary>What a subtree of <see cref="ShardTree{TStatistics}"/> adds up to.</summary>
/// <param name="Level">Its level, from the shards up, from 0.</param>
/// <param name="Index">Its number within the level, from 0.</param>
/// <param name="Bound">The local part of the bound.</param>
/// <param name="Magnitude">The scale of rounding errors, in nats.</param>
/// <param name="Statistics">The statistics, as bytes.</param>
public sealed record ShardSum(int Level, int Index, LocalBound Bound, double Magnitude, byte[] Statistics);

/// <summary>Values as bytes and back, for the wire: safetensors, as in files.</summary>
public static class TensorBytes
{
    static readonly Dictionary<string, string> _none = [];

    /// <summary>The tensors of a value.</summary>
    /// <exception cref="ArgumentException">They are more than an array can hold (2 GiB).</exception>
    public static byte[] Encode<T>(T value) where T : ITensors<T>
    {
        var tensors = TensorSet.Of(value);
        try
        {
            return SafeTensors.ToBytes(tensors, _none);
        }
        catch (OverflowException error)
        {
            throw new ArgumentException($"{typeof(T).Name} has more bytes than one message buffer holds (2 GiB).", nameof(value), error);
        }
    }

    /// <summary>The names and shapes of tensors, out of bytes that <see cref="Decode"/> has taken.</summary>
    internal static ReadOnlySpan<byte> HeaderOf(byte[] bytes) => bytes.AsSpan(0, sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes));

    /// <summary>The inverse of <see cref="Encode"/>, bit for bit. The bytes are not trusted.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="name">What to call them in errors.</param>
    /// <exception cref="InvalidDataException">They are damaged, or no value of this type.</exception>
    public static T Decode<T>(byte[] bytes, string name) where T : ITensors<T>
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var stream = new MemoryStream(bytes, writable: false);
        TensorSet tensors = SafeTensors.Read(stream, name).Tensors;
        try
        {
            return T.FromTensors(tensors);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{name} cannot be read: {error.Message}", error);
        }
    }
}
