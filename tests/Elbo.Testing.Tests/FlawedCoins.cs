using CoinFlips;
using Elbo.Engine;

namespace Elbo.Testing.Tests;

/// <summary>What is wrong with <see cref="FlawedCoins"/>.</summary>
public enum Flaw
{
    None, Entropy, KernelJoint, NotANumber, MStepFalls, EStepFalls, AddForgetsTails, ScaleForgetsTails, BoundIgnoresWeights, StatisticsIgnoreWeights,
    StatisticsCodecDropsTails, ParametersCodecDropsShare, CodecInventsValues, DependsOnWorkers, RemembersTheBatch, RemembersOtherParameters, Allocates,
    LaterOnesCountMore, ForgetsTheDraw, StopsShort, StatisticsHaveAnotherSlope, FirstCoinIsSpecial, ChancesAddUpToMore, DividesByNothing,
}

/// <summary>θ: how likely each coin shows heads, and how often the first one is drawn (held fixed).</summary>
sealed class FlawedParameters(double[] heads, double share, Flaw flaw = Flaw.None) : ITensors<FlawedParameters>
{
    public double[] Heads => heads;

    public double Share(int coin) => coin == 0 ? share : 1 - share;

    public FlawedParameters Exchanged() => new([heads[1], heads[0]], 1 - share, flaw);

    public void Describe(ITensorVisitor visitor)
    {
        visitor.Visit("heads", [2, 2], [heads[0], 1 - heads[0], heads[1], 1 - heads[1]], TensorConstraint.Simplex);
        if (flaw != Flaw.ParametersCodecDropsShare) visitor.Visit("share", [], [share], TensorConstraint.Fixed);
    }

    public static FlawedParameters FromTensors(TensorSet tensors) =>
        new([tensors.Doubles("heads", TensorConstraint.Simplex, 2, 2)[0], tensors.Doubles("heads", TensorConstraint.Simplex, 2, 2)[2]], tensors.Contains("share") ? tensors.Doubles("share", TensorConstraint.Fixed)[0] : 0.5,
            tensors.Contains("share") ? Flaw.None : Flaw.ParametersCodecDropsShare);

    public FlawedParameters With(double first, double second) => new([first, second], share, flaw);
}

/// <summary>Expected sessions, heads and tails of each coin.</summary>
sealed class FlawedStatistics(Flaw flaw) : IStatistics<FlawedStatistics>
{
    public double[] Sessions { get; } = new double[2];
    public double[] Heads { get; } = new double[2];
    public double[] Tails { get; } = new double[2];

    public void Add(FlawedStatistics other)
    {
        for (int coin = 0; coin < 2; coin++)
        {
            Sessions[coin] += other.Sessions[coin];
            Heads[coin] += other.Heads[coin];
            if (flaw != Flaw.AddForgetsTails) Tails[coin] += other.Tails[coin];
        }
    }

    public void Scale(double factor)
    {
        foreach (double[] values in new[] { Sessions, Heads, Tails })
            for (int coin = 0; coin < 2; coin++)
                if (values != Tails || flaw != Flaw.ScaleForgetsTails) values[coin] *= factor;
    }

    public void Clear()
    {
        foreach (double[] values in new[] { Sessions, Heads, Tails }) Array.Clear(values);
    }

    public void Describe(ITensorVisitor visitor)
    {
        visitor.Visit("sessions", [2], Sessions, TensorConstraint.Fixed);
        visitor.Visit("heads", [2], Heads, TensorConstraint.Fixed);
        if (flaw != Flaw.StatisticsCodecDropsTails) visitor.Visit("tails", [2], Tails, TensorConstraint.Fixed);
        if (flaw == Flaw.CodecInventsValues) visitor.Visit("flawed", [0], ReadOnlySpan<double>.Empty, TensorConstraint.Fixed);
    }

    public static FlawedStatistics FromTensors(TensorSet tensors)
    {
        Flaw flaw = tensors.Contains("flawed") ? Flaw.CodecInventsValues : tensors.Contains("tails") ? Flaw.None : Flaw.StatisticsCodecDropsTails;
        var statistics = new FlawedStatistics(flaw);
        tensors.Doubles("sessions", TensorConstraint.Fixed, 2).CopyTo(statistics.Sessions, 0);
        tensors.Doubles("heads", TensorConstraint.Fixed, 2).CopyTo(statistics.Heads, 0);
        if (flaw == Flaw.StatisticsCodecDropsTails) return statistics;
        tensors.Doubles("tails", TensorConstraint.Fixed, 2).CopyTo(statistics.Tails, 0);
        if (flaw == Flaw.CodecInventsValues) statistics.Tails[0] = Math.BitIncrement(statistics.Tails[0]);
        return statistics;
    }
}

/// <summary>Two coins that are right but for one thing.</summary>
sealed class FlawedCoins(Flaw flaw) : IModel<FlawedParameters, FlawedStatistics>, IEStep<ReadOnlySpan<Session>, FlawedParameters, FlawedStatistics>
{
    FlawedParameters? _parameters, _otherParameters;
    int _kernels;

    public Guarantee Guarantee => flaw == Flaw.EStepFalls ? Guarantee.Bound : Guarantee.Evidence;

    public FlawedStatistics CreateStatistics(FlawedParameters current) => new(flaw);

    public FlawedParameters Maximize(FlawedStatistics statistics, FlawedParameters current)
    {
        double first = Share(statistics, 0, flaw == Flaw.FirstCoinIsSpecial ? 1 : 0), second = Share(statistics, 1, 0);
        return flaw switch
        {
            Flaw.MStepFalls => current.With(1 - first, 1 - second),
            Flaw.StopsShort => current.With((3 * first + current.Heads[0]) / 4, (3 * second + current.Heads[1]) / 4),
            _ => current.With(first, second),
        };

        double Share(FlawedStatistics s, int coin, int added) =>
            s.Heads[coin] + s.Tails[coin] + added > 0 || flaw == Flaw.DividesByNothing ? (s.Heads[coin] + added) / (s.Heads[coin] + s.Tails[coin] + 2 * added) : current.Heads[coin];
    }

    public double ExpectedLogJoint(FlawedStatistics statistics, FlawedParameters parameters) =>
        Enumerable.Range(0, 2).Sum(coin => LogJoint(flaw, parameters, coin, statistics.Sessions[coin], statistics.Heads[coin], statistics.Tails[coin]));

    // With a special first coin, Beta(2, 2) on it.
    public double GlobalBound(FlawedParameters parameters) => flaw == Flaw.FirstCoinIsSpecial ? Math.Log(6 * parameters.Heads[0] * (1 - parameters.Heads[0])) : 0;

    public IEStepKernel<ReadOnlySpan<Session>, FlawedStatistics> Prepare(FlawedParameters parameters)
    {
        lock (this)
        {
            if (!ReferenceEquals(_parameters, parameters)) (_otherParameters, _parameters, _kernels) = (_parameters, parameters, 0);
            _kernels++;
        }
        return new Kernel(this, parameters);
    }

    static double LogJoint(Flaw flaw, FlawedParameters parameters, int coin, double sessions, double heads, double tails) =>
        Times(sessions, flaw == Flaw.ForgetsTheDraw ? 0.5 : parameters.Share(coin) + (flaw == Flaw.ChancesAddUpToMore ? 0.01 : 0)) + Times(heads, parameters.Heads[coin]) + Times(tails, 1 - parameters.Heads[coin]);

    static double Times(double count, double probability) => count == 0 ? 0 : count * Math.Log(probability);

    sealed class Kernel(FlawedCoins owner, FlawedParameters parameters) : IEStepKernel<ReadOnlySpan<Session>, FlawedStatistics>
    {
        readonly Flaw _flaw = owner.Flaw;
        Session _last;
        int _lastLength;

        public LocalBound Accumulate(ReadOnlySpan<Session> batch, FlawedStatistics into)
        {
            double joint = 0, entropy = 0, evidence = 0;
            foreach ((int heads, int tails, double weight) in batch)
            {
                if (weight == 0) continue;
                double inStatistics = _flaw == Flaw.StatisticsIgnoreWeights ? 1 : weight, inBound = _flaw == Flaw.BoundIgnoresWeights ? 1 : weight;
                double first = LogJoint(_flaw, parameters, 0, 1, heads, tails), second = LogJoint(_flaw, parameters, 1, 1, heads, tails);
                evidence += inBound * LogSum(first, second);
                // Half the contrast, at every second θ: some other q than the posterior, and the bound with it comes and goes.
                double power = _flaw == Flaw.EStepFalls && (BitConverter.DoubleToInt64Bits(parameters.Heads[0]) >> 10) % 2 != 0 ? 0.1 : 1;
                double sum = LogSum(power * first, power * second);
                for (int coin = 0; coin < 2; coin++)
                {
                    double log = coin == 0 ? first : second, q = Math.Exp(power * log - sum);
                    if (q == 0) continue;
                    joint += inBound * q * log;
                    entropy -= inBound * q * Math.Log(q);
                    into.Sessions[coin] += inStatistics * q;
                    into.Heads[coin] += inStatistics * q * heads;
                    into.Tails[coin] += inStatistics * q * tails;
                    // The expected log joint at this θ stays the same; at any other it does not.
                    if (_flaw == Flaw.StatisticsHaveAnotherSlope)
                    {
                        into.Heads[coin] -= 0.1 * inStatistics * q * Math.Log(1 - parameters.Heads[coin]);
                        into.Tails[coin] += 0.1 * inStatistics * q * Math.Log(parameters.Heads[coin]);
                    }
                }
                if (_flaw == Flaw.LaterOnesCountMore) into.Heads[0] += 1e-4 * weight * into.Sessions[0];
                if (_flaw == Flaw.Entropy) entropy += 1e-3 * weight;
                if (_flaw == Flaw.KernelJoint) joint += 1e-3 * weight;
                if (_flaw == Flaw.NotANumber) entropy += double.NaN;
            }
            bool same = batch.Length == _lastLength && batch[0] == _last;
            (_last, _lastLength) = (batch[0], batch.Length);
            int errors = _flaw switch
            {
                Flaw.DependsOnWorkers => Volatile.Read(ref owner._kernels) - 1,
                Flaw.RemembersTheBatch when same => 1,
                Flaw.RemembersOtherParameters when owner._otherParameters is not null && owner._otherParameters.Heads[0] != parameters.Heads[0] => 1,
                _ => 0,
            };
            into.Heads[0] *= 1 + 1e-15 * errors;
            if (_flaw == Flaw.Allocates) GC.KeepAlive(new double[batch.Length]);
            return new LocalBound(joint, entropy, _flaw == Flaw.EStepFalls ? null : evidence);
        }

        static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
    }

    Flaw Flaw => flaw;
}

sealed class FlawedSubject(Flaw flaw) : ModelSubject<ReadOnlySpan<Session>, FlawedParameters, FlawedStatistics>
{
    public override string Name => $"coins with the flaw {flaw}";

    public override IModel<FlawedParameters, FlawedStatistics> Model { get; } = new FlawedCoins(flaw);

    public override IEStep<ReadOnlySpan<Session>, FlawedParameters, FlawedStatistics> CreateEStep() => new FlawedCoins(flaw);

    public override IObservations<ReadOnlySpan<Session>> Open() => new Sessions();

    public override FlawedParameters CreateStart(ulong seed)
    {
        Numerics.Philox random = Numerics.Philox.ForStream(seed, 0);
        return new FlawedParameters([0.1 + 0.8 * random.NextDouble(), 0.1 + 0.8 * random.NextDouble()], 0.1 + 0.8 * random.NextDouble(), flaw);
    }

    public override double[] EnumerateLogJoint(FlawedParameters parameters, int observation) =>
        [.. Enumerable.Range(0, 2).Select(coin => Math.Log(parameters.Share(coin)) + LogDensity(parameters.Heads[coin], Sessions.At(observation)))];

    public override FlawedParameters Relabel(FlawedParameters parameters, Numerics.Philox random) => parameters.Exchanged();

    public override IEnumerable<Reduction<FlawedParameters>> Reductions(ulong seed)
    {
        double heads = CreateStart(seed).Heads[0];
        yield return new("one coin", CreateStart(seed).With(heads, heads), Enumerable.Range(0, Open().Count).Sum(i => LogDensity(heads, Sessions.At(i))));
    }

    static double LogDensity(double heads, Session session) => session.Heads * Math.Log(heads) + session.Tails * Math.Log(1 - heads);
}
