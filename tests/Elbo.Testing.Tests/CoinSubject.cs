using CoinFlips;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Testing.Tests;

/// <summary>The sample's two coins as their author would describe them to the kit.</summary>
sealed class CoinSubject : ModelSubject<ReadOnlySpan<Session>, Coins, DenseStatistics>
{
    public override string Name => "two coins";

    public override IModel<Coins, DenseStatistics> Model { get; } = new CoinModel();

    public override IEStep<ReadOnlySpan<Session>, Coins, DenseStatistics> CreateEStep() => new CoinModel();

    public override IObservations<ReadOnlySpan<Session>> Open() => new Sessions();

    public override Coins CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 0);
        return new Coins(0.1 + 0.8 * random.NextDouble(), 0.1 + 0.8 * random.NextDouble());
    }

    // By the probability of one sequence of tosses, multiplied out.
    public override double[] EnumerateLogJoint(Coins parameters, int observation) =>
        [.. parameters.Heads.Select(heads => Math.Log(0.5) + Sessions.At(observation).Heads * Math.Log(heads) + Sessions.At(observation).Tails * Math.Log(1 - heads))];

    public override Coins Relabel(Coins parameters, Philox random) => new(parameters.Heads[1], parameters.Heads[0]);

    // Two coins that are alike are one.
    public override IEnumerable<Reduction<Coins>> Reductions(ulong seed)
    {
        double heads = CreateStart(seed).Heads[0];
        yield return new("one coin", new Coins(heads, heads), Enumerable.Range(0, Open().Count).Sum(i => Sessions.At(i).Heads * Math.Log(heads) + Sessions.At(i).Tails * Math.Log(1 - heads)));
    }
}

/// <summary>Sessions of all kinds: even, lopsided, of one toss, of none, long ones.</summary>
sealed class Sessions : IObservations<ReadOnlySpan<Session>>
{
    static readonly Session[] Rows =
        [new(5, 5), new(9, 1), new(0, 0), new(8, 2), new(1, 0), new(4, 6), new(7, 3), new(0, 1), new(30, 2), new(3, 3), new(0, 12), new(200, 100), new(2, 1), new(1, 2), new(6, 6)];

    public int Count => Rows.Length;

    public static Session At(int observation) => Rows[observation];

    public ReadOnlySpan<Session> Read(int first, int count, ReadOnlyMemory<double> weights)
    {
        if (weights.IsEmpty) return Rows.AsSpan(first, count);
        Session[] weighted = Rows[first..(first + count)];
        for (int i = 0; i < count; i++) weighted[i] = weighted[i] with { Weight = weights.Span[i] };
        return weighted;
    }
}
