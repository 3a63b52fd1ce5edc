using Elbo.Reports.Tables;

namespace Elbo.Reports.Tests.Tables;

public sealed class ChainTests
{
    [Fact]
    public void TheLongRunIsStationary()
    {
        double[] transitions = [0.5, 0.3, 0.2, 0.1, 0.8, 0.1, 0.25, 0.25, 0.5], share = Chains.LongRun([1, 0, 0], transitions);
        Assert.Equal(1, share.Sum(), 1e-14);
        for (int j = 0; j < 3; j++) Assert.Equal(share[j], Enumerable.Range(0, 3).Sum(i => share[i] * transitions[3 * i + j]), 1e-14);
    }

    [Theory]
    [InlineData(0.1, 0.3)]
    [InlineData(1, 1)]
    [InlineData(1e-12, 3e-12)]
    public void TwoStatesHaveAClosedForm(double leaving, double coming)
    {
        double[] share = Chains.LongRun([0.2, 0.8], [1 - leaving, leaving, coming, 1 - coming]);
        Assert.Equal(coming / (leaving + coming), share[0], 1e-4);
    }

    [Fact]
    public void WhatCannotBeLeftTakesAll() => Assert.Equal([0, 0, 1], Chains.LongRun([1, 0, 0], [0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 1]).Select(share => Math.Round(share, 12)));

    [Fact]
    public void ChainsThatNeverMeetKeepTheirStart() => Assert.Equal([0.3, 0.7], Chains.LongRun([0.3, 0.7], [1, 0, 0, 1]));

    [Fact]
    public async Task AVisitLastsAsLongAsThePathSays()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        ChainEntry chain = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page.Chain!;
        for (int k = 0; k < 2; k++) Assert.Equal(1 / (1 - chain.Transitions[k][k]), chain.Dwell[k]!.Value, 1e-9);
    }
}
