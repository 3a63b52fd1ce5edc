using System.Diagnostics;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Orleans.Tests;

/// <summary>What is lost on the way costs time and nothing else. No time is asserted but what tells a hang: ten times what is aimed for.</summary>
public sealed class FaultTests
{
    static readonly TimeSpan _hang = TimeSpan.FromSeconds(150);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_worker_may_be_killed_at_any_moment()
    {
        using var topics = new TopicsCase();
        await using TestCluster cluster = await TestCluster.StartAsync(3);
        var random = new Philox(6);
        for (int trial = 0; trial < 10; trial++)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // From before the first record to about the end.
            int moment = random.NextInt32(topics.Options.MaximumIterations), records = 0;
            var notes = new List<string>();
            var events = new ClusterFitEvents
            {
                Record = (_, _) =>
                {
                    if (++records >= moment) begun.TrySetResult();
                },
                Note = notes.Add,
            };
            Task<byte[]> fit = topics.FitAsync(cluster.Client, events, cancellationToken: Cancellation);
            if (moment > 0) await Task.WhenAny(begun.Task, fit);
            // Every other time the worker on which the loop of the fit is.
            WorkerProcess victim = trial % 2 == 0 && !fit.IsCompleted ? await cluster.OwnerAsync() : cluster.Workers[random.NextInt32(cluster.Workers.Count)];
            await cluster.KillAsync(victim);
            byte[] model = await InTimeAsync(fit, cluster);
            Assert.True(topics.Expected.AsSpan().SequenceEqual(model), $"Trial {trial}, killed after {moment} records: other bytes.\n{string.Join('\n', notes)}\n{cluster.Said}");
            await cluster.AddAsync();
        }
    }

    [Fact]
    public async Task Fits_of_tables_go_on_from_their_checkpoint_too()
    {
        using var table = new TableCase(TableCase.Mixture with { MaximumIterations = 60 });
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        int records = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<byte[]> fit = table.FitAsync(cluster.Client, new ClusterFitEvents
        {
            Record = (_, _) =>
            {
                if (++records == 20) begun.TrySetResult();
            },
        }, Cancellation);
        await Task.WhenAny(begun.Task, fit);
        if (!fit.IsCompleted) await cluster.KillAsync(await cluster.OwnerAsync());
        Assert.Equal(table.Expected, await InTimeAsync(fit, cluster));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_may_freeze(bool owner)
    {
        using var topics = new TopicsCase();
        await using TestCluster cluster = await TestCluster.StartAsync(3);
        (Task<byte[]> fit, Task begun) = Begin(topics, cluster, records: 3);
        await begun;
        WorkerProcess loop = await cluster.OwnerAsync();
        WorkerProcess victim = owner ? loop : cluster.Workers.First(worker => worker != loop);
        victim.Signal("STOP");
        Assert.Equal(topics.Expected, await InTimeAsync(fit, cluster));
    }

    [Fact]
    public async Task Redis_may_be_restarted()
    {
        using var topics = new TopicsCase();
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        (Task<byte[]> fit, Task begun) = Begin(topics, cluster, records: 3);
        await begun;
        await cluster.Redis.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        await cluster.Redis.RunAsync();
        Assert.Equal(topics.Expected, await InTimeAsync(fit, cluster));
        // The cluster is one still: others may join, and work.
        WorkerProcess joined = await cluster.AddAsync();
        Assert.Equal(topics.Expected, await InTimeAsync(topics.FitAsync(cluster.Client, cancellationToken: Cancellation), cluster));
        Assert.True((await cluster.Client.GetStatusAsync(Cancellation)).Workers.Single(worker => worker.Silo == joined.Silo).ShardsDone > 0);
    }

    [Fact]
    public async Task A_worker_may_join()
    {
        using var topics = new TopicsCase(iterations: 100_000, expect: false);
        await using TestCluster cluster = await TestCluster.StartAsync(1);
        using var stop = new CancellationTokenSource();
        Task<TopicModel> fit = cluster.Client.FitTopicsAsync(topics.Path, topics.Corpus.Checksum, topics.Options, cancellationToken: stop.Token);
        WorkerProcess joined = await cluster.AddAsync();
        long began = Stopwatch.GetTimestamp();
        while (!(await cluster.Client.GetStatusAsync(Cancellation)).Workers.Any(worker => worker.Silo == joined.Silo && worker.ShardsDone > 0))
        {
            Assert.False(fit.IsCompleted);
            Assert.True(Stopwatch.GetElapsedTime(began) < _hang, $"The worker that joined does nothing.\n{cluster.Said}");
            await Task.Delay(100, Cancellation);
        }
        await stop.CancelAsync();
        TopicModel model = await fit.WaitAsync(_hang, Cancellation);
        TopicModel here = Lda.Fit(topics.Corpus, topics.Options with { MaximumIterations = model.Trace.Count - 1, Threads = 2 }, cancellationToken: Cancellation);
        Assert.Equal(here.Trace.Select(record => record.Own), model.Trace.Select(record => record.Own));
        Assert.Equal(here.Parameters.TermTopic, model.Parameters.TermTopic);
    }

    [Fact]
    public async Task When_all_workers_are_gone_the_checkpoint_goes_on_here_and_there()
    {
        using var topics = new TopicsCase();
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        await using ElboCluster client = await cluster.ConnectAsync(new ClusterTimeouts { Patience = TimeSpan.FromSeconds(15) });
        byte[]? checkpoint = null;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<byte[]> fit = topics.FitAsync(client, new ClusterFitEvents
        {
            Checkpoint = bytes =>
            {
                checkpoint = bytes;
                begun.TrySetResult();
            },
        }, cancellationToken: Cancellation);
        await begun.Task.WaitAsync(_hang, Cancellation);
        foreach (WorkerProcess worker in cluster.Workers.ToArray()) await cluster.KillAsync(worker);
        ElboClusterException error = await Assert.ThrowsAsync<ElboClusterException>(() => fit.WaitAsync(_hang, Cancellation));
        Assert.Contains("All workers", error.Message, StringComparison.Ordinal);
        Assert.Contains("elbo worker --cluster", error.Message, StringComparison.Ordinal);

        using var stream = new MemoryStream(checkpoint!);
        (LdaCheckpoint state, _) = LdaCheckpointFile.Load(stream, "the checkpoint");
        Assert.Equal(topics.Expected, TopicsCase.BytesOf(await Lda.ResumeAsync(topics.Corpus, state, cancellationToken: Cancellation)));
        await cluster.AddAsync();
        await using ElboCluster again = await cluster.ConnectAsync();
        Assert.Equal(topics.Expected, await topics.FitAsync(again, from: checkpoint, cancellationToken: Cancellation).WaitAsync(_hang, Cancellation));
    }

    [Fact]
    public async Task Cancelling_ends_the_work_everywhere_and_keeps_the_best()
    {
        using var topics = new TopicsCase(iterations: 100_000, expect: false);
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        using var stop = new CancellationTokenSource();
        int records = 0;
        TopicModel model = await cluster.Client.FitTopicsAsync(topics.Path, topics.Corpus.Checksum, topics.Options, new ClusterFitEvents
        {
            Record = (_, _) =>
            {
                if (++records == 5) stop.Cancel();
            },
        }, cancellationToken: stop.Token).WaitAsync(_hang, Cancellation);
        Assert.Equal(Engine.StopReason.Cancelled, model.Record.StopReason);
        Assert.True(model.Trace.Count >= 5);
        ClusterStatus before = await cluster.Client.GetStatusAsync(Cancellation);
        Assert.All(before.Workers, worker => Assert.Empty(worker.Fits));
        await Task.Delay(500, Cancellation);
        ClusterStatus after = await cluster.Client.GetStatusAsync(Cancellation);
        Assert.Equal(before.Workers.Select(worker => worker.ShardsDone), after.Workers.Select(worker => worker.ShardsDone));
    }

    static (Task<byte[]> Fit, Task Begun) Begin(TopicsCase topics, TestCluster cluster, int records)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int heard = 0;
        Task<byte[]> fit = topics.FitAsync(cluster.Client, new ClusterFitEvents
        {
            Record = (_, _) =>
            {
                if (++heard >= records) begun.TrySetResult();
            },
        }, cancellationToken: Cancellation);
        return (fit, Task.WhenAny(begun.Task, fit));
    }

    static async Task<byte[]> InTimeAsync(Task<byte[]> fit, TestCluster cluster)
    {
        try
        {
            return await fit.WaitAsync(_hang, Cancellation);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The fit has not ended in {_hang}:\n{cluster.Said}");
            throw new UnreachableException();
        }
    }
}
