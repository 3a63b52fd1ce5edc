using Elbo.Numerics;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Wire;
using Orleans;

namespace Elbo.Orleans.Execution;

/// <summary>
/// The workers of one order: which silos there are, on which the data are open, and which do not answer. A worker that is lost is asked again in the
/// background, a new one is taken in as soon as its data are open. Not for several E-steps at once.
/// </summary>
sealed class WorkerPool(IGrainFactory grains, WorkOrder order, ClusterTimeouts timeouts, Action<string> note)
{
    static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    bool _hasWorked;
    long _question;

    public WorkOrder Order => order;

    public ClusterTimeouts Timeouts => timeouts;

    /// <summary>The workers to give shards to. The first time it waits until every worker is ready or has failed; later, for the first that is.</summary>
    /// <exception cref="ElboClusterException">None came in time, or one cannot open its data.</exception>
    public async Task<IReadOnlyList<Member>> ReadyAsync(CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        long began = time.GetTimestamp();
        string? trouble = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await RefreshAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                trouble = Trouble.Describe(error, timeouts);
            }
            Member[] ready = [.. _members.Values.Where(member => member.State is not null)];
            Member? failed = _members.Values.FirstOrDefault(member => member.Failure is not null);
            if (failed is not null && !(_hasWorked && ready.Length > 0)) throw new ElboClusterException($"The worker {failed.Silo} cannot do this: {failed.Failure}");
            if (ready.Length > 0 && (_hasWorked || _members.Values.All(member => member.State is not null || member.IsResting)))
            {
                _hasWorked = true;
                return ready;
            }
            bool opening = _members.Values.Any(member => member.IsReading);
            if (!opening && time.GetElapsedTime(began) > timeouts.Patience)
                throw new ElboClusterException($"No worker of the cluster has answered for {timeouts.Patience.TotalSeconds:0.#} seconds{(trouble is null ? "" : $" ({trouble})")}. Start workers with 'elbo worker --cluster …'.");
            await Task.Delay(_glance, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a worker for lost until it answers again.</summary>
    public void Lose(Member member, Exception why)
    {
        if (member.State is null) return;
        member.State = null;
        Instruments.WorkersLost.Add(1);
        note($"went on without the worker {member.Silo}: {Trouble.Describe(why, timeouts)}");
    }

    async Task RefreshAsync()
    {
        // Another key each time, so that a client asks another gateway.
        string[] silos = await grains.GetGrain<ISilosGrain>(_question++).ListAsync().WaitAsync(timeouts.Call).ConfigureAwait(false);
        foreach (string gone in _members.Keys.Except(silos).ToArray()) _members.Remove(gone);
        foreach (string silo in silos)
        {
            if (!_members.TryGetValue(silo, out Member? member)) _members.Add(silo, member = new Member(silo, grains.GetGrain<IWorkerGrain>(OnSilo.KeyOf(silo, "worker"))));
            if (member.State is null && member.Failure is null && member.Opening.IsCompleted) member.Opening = OpenAsync(member);
        }
    }

    async Task OpenAsync(Member member)
    {
        try
        {
            while (true)
            {
                OpenState state = await member.Grain.OpenAsync(order).WaitAsync(timeouts.Call).ConfigureAwait(false);
                member.IsResting = false;
                if (state.Failure is { } failure)
                {
                    Fail(member, failure);
                    return;
                }
                if (state.IsReady)
                {
                    if (state.KernelProfile != KernelProfiles.Name(KernelProfiles.Current))
                        Fail(member, $"it computes with the kernel profile '{state.KernelProfile}', and the fit with '{KernelProfiles.Name(KernelProfiles.Current)}', which would end in other bits. Set {KernelProfiles.EnvironmentVariable} to the same on all.");
                    else
                        member.State = state;
                    return;
                }
                member.IsReading = true;
                await Task.Delay(_glance).ConfigureAwait(false);
            }
        }
        catch (UnauthorizedAccessException)
        {
            Fail(member, "it has another key. Give every worker of a cluster the same.");
        }
        catch (Exception)
        {
            // Not there, or frozen: the next refresh tries again.
            member.IsResting = true;
            await Task.Delay(_rest).ConfigureAwait(false);
        }
        finally
        {
            member.IsReading = false;
        }
    }

    void Fail(Member member, string failure)
    {
        member.Failure = failure;
        if (_hasWorked) note($"does not use the worker {member.Silo}: {failure}");
    }

    /// <summary>A silo as this pool knows it.</summary>
    internal sealed class Member(string silo, IWorkerGrain grain)
    {
        volatile OpenState? _state;
        volatile string? _failure;
        volatile bool _isResting, _isReading;

        public string Silo => silo;

        public IWorkerGrain Grain => grain;

        /// <summary>What it said when its data were open; null while it is not to be used.</summary>
        public OpenState? State
        {
            get => _state;
            set => _state = value;
        }

        /// <summary>Why it cannot open the data.</summary>
        public string? Failure
        {
            get => _failure;
            set => _failure = value;
        }

        /// <summary>Whether it did not answer when it was asked last.</summary>
        public bool IsResting
        {
            get => _isResting;
            set => _isResting = value;
        }

        /// <summary>Whether it is reading its data.</summary>
        public bool IsReading
        {
            get => _isReading;
            set => _isReading = value;
        }

        public Task Opening { get; set; } = Task.CompletedTask;
    }
}
