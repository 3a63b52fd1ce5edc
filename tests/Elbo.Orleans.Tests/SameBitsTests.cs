using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Topics;

namespace Elbo.Orleans.Tests;

/// <summary>A fit on a cluster ends in the same bytes as one on one thread.</summary>
public sealed class SameBitsTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_on_one_to_three_workers()
    {
        using var meanField = new TopicsCase(iterations: 5);
        using var map = new TopicsCase(TopicEStep.Map, iterations: 5);
        await using TestCluster cluster = await TestCluster.StartAsync(1);
        for (int workers = 1; workers <= 3; workers++)
        {
            if (workers > 1) await cluster.AddAsync();
            Assert.Equal(meanField.Expected, await meanField.FitAsync(cluster.Client, cancellationToken: Cancellation));
            Assert.Equal(map.Expected, await map.FitAsync(cluster.Client, cancellationToken: Cancellation));
        }
        // All three had a part in it.
        Assert.All((await cluster.Client.GetStatusAsync(Cancellation)).Workers, worker => Assert.True(worker.ShardsDone > 0));
    }

    [Fact]
    public async Task Tables_on_one_to_three_workers()
    {
        using var mixture = new TableCase(TableCase.Mixture, files: 3);
        using var accelerated = new TableCase(TableCase.Mixture with { Acceleration = Acceleration.Squarem, ShortIterations = 3, Degeneracy = DegeneracyPolicy.Drop });
        using var hard = new TableCase(TableCase.Mixture with { Hard = true });
        using var markov = new TableCase(TableCase.HiddenMarkov, sequences: true);
        await using TestCluster cluster = await TestCluster.StartAsync(1);
        for (int workers = 1; workers <= 3; workers++)
        {
            if (workers > 1) await cluster.AddAsync();
            foreach (TableCase table in new[] { mixture, accelerated, hard, markov }) Assert.Equal(table.Expected, await table.FitAsync(cluster.Client, cancellationToken: Cancellation));
        }
    }

    [Fact]
    public async Task Several_fits_of_one_corpus_at_once()
    {
        using var first = new TopicsCase(iterations: 6);
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        LdaOptions[] options = [first.Options, first.Options with { Seed = 2 }, first.Options with { Topics = 5 }];
        Task<TopicModel>[] there = [.. options.Select(each => cluster.Client.FitTopicsAsync(first.Path, first.Corpus.Checksum, each, cancellationToken: Cancellation))];
        for (int i = 0; i < options.Length; i++)
            Assert.Equal(TopicsCase.BytesOf(Lda.Fit(first.Corpus, options[i], cancellationToken: Cancellation)), TopicsCase.BytesOf(await there[i]));
    }
}
