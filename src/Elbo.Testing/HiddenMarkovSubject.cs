using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing;

/// <summary>The hidden Markov model of a family, for the kit; an observation is a sequence. Short sequences are compared with a sum over all their paths.</summary>
/// <typeparam name="TComponents">The parameters of what the states emit.</typeparam>
/// <typeparam name="TStatistics">Their statistics.</typeparam>
/// <param name="name">The name in messages.</param>
/// <param name="family">What the states emit.</param>
/// <param name="table">At least two sequences, some of a few rows, one of a single row, one of more than 64; weights are replaced by those of the laws, known responsibilities are kept.</param>
/// <param name="states">K; from 3 on labels are exchanged too.</param>
/// <param name="leftToRight">Whether a state can only stay or go on, by one or two.</param>
/// <param name="initialPrior">A prior on the first state; null for none.</param>
/// <param name="transitionPrior">A prior on every row of transitions; null for none.</param>
/// <param name="hard">Whether q is a single path.</param>
/// <param name="logDensity">The family's density, written plainly; null takes that of its kernel.</param>
/// <param name="start">What the states emit, for a seed; null makes it of responsibilities that are drawn.</param>
public sealed class HiddenMarkovSubject<TComponents, TStatistics>(
    string name, IComponentFamily<TComponents, TStatistics> family, ObservationTable table, int states, bool leftToRight = false,
    DirichletPrior? initialPrior = null, DirichletPrior? transitionPrior = null, bool hard = false, LogDensity<TComponents>? logDensity = null, Func<ulong, TComponents>? start = null)
    : ModelSubject<ObservationBatch, HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    const int MostPaths = 1000;

    readonly FamilyProbe<TComponents, TStatistics> _probe = new(family, table, states, logDensity);
    readonly int[] _lengths = table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths.ToArray();

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IModel<HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>> Model { get; } = new HiddenMarkovModel<TComponents, TStatistics>(family, initialPrior, transitionPrior);

    /// <inheritdoc/>
    public override bool EnumeratesEverything => _probe.HasNoOwnLatents;

    /// <inheritdoc/>
    public override IEStep<ObservationBatch, HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>> CreateEStep() => new HiddenMarkovEStep<TComponents, TStatistics>(family, hard);

    /// <inheritdoc/>
    public override IObservations<ObservationBatch> Open() => new Sequences(table, _lengths);

    /// <inheritdoc/>
    public override HiddenMarkovParameters<TComponents> CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 0x58);
        TComponents components = start?.Invoke(seed) ?? new MixtureSubject<TComponents, TStatistics>(name, family, Unlabelled(), states).CreateStart(seed).Components;
        double[] initial = new double[states], transitions = leftToRight ? TransitionStarts.LeftToRight(states, 0.3 + 0.6 * random.NextDouble(), 2) : new double[states * states];
        if (leftToRight) initial[0] = 1;
        else random.NextDirichlet([.. Enumerable.Repeat(2.0, states)], initial);
        for (int i = 0; i < states && !leftToRight; i++)
            random.NextDirichlet([.. Enumerable.Repeat(1.0, states)], transitions.AsSpan(i * states, states));
        return new HiddenMarkovParameters<TComponents>(initial, transitions, components);
    }

    /// <inheritdoc/>
    public override bool IsInterior(HiddenMarkovParameters<TComponents> parameters) => _probe.IsInterior(parameters.Components);

    /// <inheritdoc/>
    public override double[]? EnumerateLogJoint(HiddenMarkovParameters<TComponents> parameters, int observation)
    {
        int first = _lengths.Take(observation).Sum(), length = _lengths[observation];
        if (Math.Pow(states, length) > MostPaths) return null;
        if (!table.Responsibilities.IsEmpty && table.Responsibilities.Slice(first * states, length * states).ContainsAnyInRange(0, 1)) return null;
        double[] paths = [0];
        for (int step = 0; step < length; step++)
        {
            double[] emissions = _probe.LogDensities(parameters.Components, first + step), longer = new double[paths.Length * states];
            for (int path = 0; path < longer.Length; path++)
            {
                int state = path % states, before = path / states % states;
                longer[path] = paths[path / states] + emissions[state] + Math.Log(step == 0 ? parameters.Initial[state] : parameters.TransitionsFrom(before)[state]);
            }
            paths = longer;
        }
        return paths;
    }

    /// <inheritdoc/>
    public override HiddenMarkovParameters<TComponents>? Relabel(HiddenMarkovParameters<TComponents> parameters, Philox random) =>
        !table.Responsibilities.IsEmpty || FamilyProbe<TComponents, TStatistics>.FindOrder(states, random) is not { } order ? null
            : new HiddenMarkovParameters<TComponents>([.. order.Select(k => parameters.Initial[k])],
                [.. order.SelectMany(i => order.Select(j => parameters.TransitionsFrom(i)[j]))], parameters.Components.Select(order));

    /// <inheritdoc/>
    public override IEnumerable<Reduction<HiddenMarkovParameters<TComponents>>> Reductions(ulong seed)
    {
        HiddenMarkovParameters<TComponents> own = CreateStart(seed);
        var mixture = new MixtureParameters<TComponents>(own.Initial, own.Components);
        var batch = new ObservationBatch(table.Values, table.ColumnCount) { Responsibilities = table.Responsibilities };
        LocalBound bound = new MixtureEStep<TComponents, TStatistics>(family).Prepare(mixture).Accumulate(batch, new MixtureStatistics<TStatistics>(states, family.CreateStatistics(own.Components)));
        if (bound.LogEvidence is { } evidence && double.IsFinite(evidence))
            yield return new("a mixture, for the next state does not depend on the last",
                new HiddenMarkovParameters<TComponents>(own.Initial, [.. Enumerable.Range(0, states).SelectMany(_ => own.Initial.ToArray())], own.Components), evidence);
    }

    ObservationTable Unlabelled() => new(table.Values.ToArray(), table.ColumnCount);

    sealed class Sequences(ObservationTable table, int[] lengths) : IObservations<ObservationBatch>
    {
        public int Count => lengths.Length;

        public ObservationBatch Read(int first, int count, ReadOnlyMemory<double> weights)
        {
            int row = lengths.Take(first).Sum(), columns = table.ColumnCount, known = table.Responsibilities.Length / table.RowCount;
            int[] own = lengths[first..(first + count)];
            double[] given = weights.ToArray();
            int rows = own.Sum();
            return new ObservationBatch(table.Values.Slice(row * columns, rows * columns), columns)
            {
                Weights = given.Length == 0 ? default : own.SelectMany((length, sequence) => Enumerable.Repeat(given[sequence], length)).ToArray(),
                Responsibilities = table.Responsibilities.Slice(row * known, rows * known),
                SequenceLengths = own,
            };
        }
    }
}
