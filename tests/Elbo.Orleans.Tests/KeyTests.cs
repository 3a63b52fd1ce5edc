namespace Elbo.Orleans.Tests;

/// <summary>Where a cluster has a key, nothing is done for a client that does not show it; and nothing listens to others without one.</summary>
public sealed class KeyTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "asks for a key")]
    [InlineData("guess", "not this cluster's")]
    public async Task Without_the_key_every_call_is_refused(string? key, string words)
    {
        await using var silos = new InProcessCluster();
        await silos.AddAsync(_ => { }, new ElboWorkerOptions { Threads = 1, Key = "open sesame" });
        await using (ElboCluster stranger = await silos.ConnectAsync(key))
        {
            UnauthorizedAccessException error = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.GetStatusAsync(Cancellation));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.FitTopicsAsync("corpus.elboc", "0", new Topics.LdaOptions { EStep = Topics.TopicEStep.MeanField, DocumentStart = Topics.DocumentStart.Cold }, cancellationToken: Cancellation));
        }
        await using ElboCluster friend = await silos.ConnectAsync("open sesame");
        Assert.Single((await friend.GetStatusAsync(Cancellation)).Workers);
    }

    [Fact]
    public async Task A_worker_does_not_listen_to_others_without_a_key()
    {
        await using var worker = new ToolProcess(["worker", "--cluster", "redis://127.0.0.1:1", "--listen", "10.1.2.3:11111"], ("ELBO_CLUSTER_KEY", null));
        Assert.Equal(2, await worker.EndAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("needs a key", worker.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_finds_no_Redis_says_so()
    {
        await using var worker = new ToolProcess(["worker", "--cluster", "redis://:secret@127.0.0.1:1"]);
        Assert.Equal(1, await worker.EndAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("cannot join the cluster at redis://127.0.0.1:1", worker.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", worker.Said, StringComparison.Ordinal);
    }
}
