using System.Diagnostics;
using Elbo.Engine;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Wire;
using Orleans;

namespace Elbo.Orleans;

/// <summary>What one E-step moved (docs/scale.md).</summary>
/// <param name="Workers">How many workers had a part in it.</param>
/// <param name="Sent">Bytes of parameters, to all workers together.</param>
/// <param name="Received">Bytes of statistics, from all workers together.</param>
public readonly record struct Traffic(int Workers, long Sent, long Received);

/// <summary>
/// Runs E-steps on the workers of a cluster, to the same bits as <see cref="LocalExecutor{TBatch, TParameters, TStatistics}"/>: shards and the tree in which they are added up
/// are the data's, whoever does them. A worker that is lost on the way loses nothing but time: its shards are done again elsewhere.
/// </summary>
/// <remarks>The E-step must keep no local state on its side. Not for several E-steps at once.</remarks>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public sealed class OrleansExecutor<TParameters, TStatistics> : IExecutor<TParameters, TStatistics>
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    readonly WorkerPool _pool;
    readonly int _shards;
    readonly Action<Traffic> _moved;

    internal OrleansExecutor(WorkerPool pool, int shards, Guarantee guarantee, IReadOnlyList<string> termNames, Action<Traffic> moved)
    {
        (_pool, _shards, _moved) = (pool, shards, moved);
        (Guarantee, TermNames) = (guarantee, termNames);
    }

    /// <summary>Opens the data of a model on every worker.</summary>
    /// <param name="grains">A client of the cluster, or a silo's.</param>
    /// <param name="model">A model that the workers know (<c>AddElboWorker().AddModel(…)</c>).</param>
    /// <param name="properties">What the model needs to find its data; the same for every worker.</param>
    /// <param name="timeouts">How long to wait for workers.</param>
    /// <param name="moved">Hears of the bytes that every E-step moved; may be null.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="ElboClusterException">No worker came, or one cannot open its data; the message says which and why.</exception>
    public static async Task<OrleansExecutor<TParameters, TStatistics>> OpenAsync(IGrainFactory grains, string model, IReadOnlyDictionary<string, string> properties,
        ClusterTimeouts? timeouts = null, Action<Traffic>? moved = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(properties);
        Blocks.CheckSmall(properties, $"What the model '{model}' is told of its data");
        timeouts ??= new ClusterTimeouts();
        timeouts.Validate();
        var pool = new WorkerPool(grains, new WorkOrder(model, new Dictionary<string, string>(properties)), timeouts, _ => { });
        OpenState first = (await pool.ReadyAsync(cancellationToken).ConfigureAwait(false))[0].State!;
        return new OrleansExecutor<TParameters, TStatistics>(pool, first.Shards, first.Guarantee, first.TermNames, moved ?? (_ => { }));
    }

    /// <inheritdoc/>
    public Guarantee Guarantee { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> TermNames { get; }

    /// <inheritdoc/>
    /// <exception cref="ElboClusterException">No worker is left, or one failed at its shards; the message says which and why.</exception>
    public async ValueTask<EStepResult<TStatistics>> ExpectAsync(TParameters parameters, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var step = new Step(_pool, _shards, TensorBytes.Encode(parameters), stop.Token);
        try
        {
            EStepResult<TStatistics> total = await step.RunAsync().ConfigureAwait(false);
            Instruments.StepSeconds.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
            _moved(step.Traffic);
            return total;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            step.End();
        }
    }

    /// <summary>One E-step: the parameters to every worker, a run of shards to each, the sums back.</summary>
    sealed class Step(WorkerPool pool, int shards, byte[] parameters, CancellationToken cancellationToken)
    {
        /// <summary>Silos may come and go; work that is lost this often has another reason.</summary>
        const int LossesAllowed = 100;

        readonly Guid _id = Guid.NewGuid();
        readonly ShardTree<TStatistics> _tree = new(shards, _ => { });
        readonly Dictionary<WorkerPool.Member, Task> _sent = [];
        readonly Dictionary<Task, (WorkerPool.Member Worker, int First, int End)> _running = [];
        int _runs, _losses;
        long _bytesSent, _bytesReceived;

        public Traffic Traffic => new(_sent.Count, _bytesSent, _bytesReceived);

        public async Task<EStepResult<TStatistics>> RunAsync()
        {
            await GiveOutAsync(0, shards).ConfigureAwait(false);
            while (_running.Count > 0)
            {
                Task done = await Task.WhenAny(_running.Keys).ConfigureAwait(false);
                (WorkerPool.Member worker, int first, int end) = _running[done];
                _running.Remove(done);
                try
                {
                    await done.ConfigureAwait(false);
                }
                catch (Exception error) when (error is not (ElboClusterException or InvalidDataException) && !cancellationToken.IsCancellationRequested)
                {
                    if (++_losses > LossesAllowed) throw new ElboClusterException($"An E-step has lost {_losses} runs of shards, the last on the worker {worker.Silo}: {error.Message}", error);
                    // If it comes back, it may have forgotten what it was sent.
                    _sent.Remove(worker);
                    pool.Lose(worker, error);
                    await GiveOutAsync(first, end).ConfigureAwait(false);
                }
            }
            return _tree.Total;
        }

        /// <summary>Tells all workers that the step is over; whether they hear it does not matter, they forget it by themselves.</summary>
        public void End()
        {
            foreach (WorkerPool.Member worker in _sent.Keys) worker.Grain.EndAsync(_id).Ignore();
        }

        async Task GiveOutAsync(int first, int end)
        {
            IReadOnlyList<WorkerPool.Member> workers = await pool.ReadyAsync(cancellationToken).ConfigureAwait(false);
            foreach (WorkerPool.Member worker in workers)
                if (worker.State is { } state && state.Shards != shards)
                    throw new ElboClusterException($"The worker {worker.Silo} cuts its data into {state.Shards} shards, and the fit into {shards}: they have not the same data.");
            int[] borders = ShardCut.Borders(first, end, [.. workers.Select(worker => worker.State?.Threads ?? 1)]);
            for (int i = 0; i < workers.Count; i++)
                if (borders[i] < borders[i + 1]) _running.Add(DoAsync(workers[i], _runs++, borders[i], borders[i + 1]), (workers[i], borders[i], borders[i + 1]));
        }

        async Task DoAsync(WorkerPool.Member worker, int run, int first, int end)
        {
            await SentTo(worker).ConfigureAwait(false);
            await InTime(worker.Grain.RunAsync(_id, run, pool.Order, first, end)).ConfigureAwait(false);
            RunState state;
            do state = await InTime(worker.Grain.PollAsync(_id, run)).ConfigureAwait(false);
            while (state is { Failure: null, Sums: null });
            if (state.Failure is { } failure) throw new ElboClusterException($"The worker {worker.Silo} failed at shards {first} to {end - 1}: {failure}");
            var sums = new EStepResult<TStatistics>[state.Sums!.Length];
            for (int i = 0; i < sums.Length; i++)
            {
                SumHead head = state.Sums[i];
                int sum = i;
                byte[] bytes = await Blocks.FetchAsync(head.Length, offset => InTime(worker.Grain.PullAsync(_id, run, sum, offset)), cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _bytesReceived, bytes.Length);
                Instruments.BytesReceived.Add(bytes.Length);
                sums[i] = head.With(TensorBytes.Decode<TStatistics>(bytes, $"the statistics of the worker {worker.Silo}"));
            }
            // Only when all are here: a run counts once, or not at all.
            for (int i = 0; i < sums.Length; i++) _tree.Add(state.Sums[i].Level, state.Sums[i].Index, sums[i]);
        }

        /// <summary>The parameters go to a worker once, however many runs it is given.</summary>
        Task SentTo(WorkerPool.Member worker)
        {
            if (!_sent.TryGetValue(worker, out Task? sent) || sent.IsFaulted) _sent[worker] = sent = SendAsync(worker);
            return sent;
        }

        async Task SendAsync(WorkerPool.Member worker)
        {
            await Blocks.SendAsync(parameters, (offset, block) => InTime(worker.Grain.PutAsync(_id, parameters.Length, offset, block)), cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _bytesSent, parameters.Length);
            Instruments.BytesSent.Add(parameters.Length);
        }

        Task InTime(Task call) => call.WaitAsync(pool.Timeouts.Call, cancellationToken);

        Task<T> InTime<T>(Task<T> call) => call.WaitAsync(pool.Timeouts.Call, cancellationToken);
    }
}
