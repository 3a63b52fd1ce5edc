using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing.Tests;

/// <summary>
/// A hidden Markov model of Poisson counts as its author describes it to the kit; an observation is a sequence. With a left-to-right chain one sequence
/// turns late (see <see cref="HiddenMarkovEStep{TComponents, TStatistics}"/>), so that logarithms are gone through too.
/// </summary>
sealed class HiddenMarkovSubject(int states, bool leftToRight = false, bool hard = false, bool priors = false)
    : ModelSubject<ObservationBatch, HiddenMarkovParameters<PoissonComponents>, HiddenMarkovStatistics<DenseStatistics>>
{
    const int SequenceCount = 14, Columns = 2;

    readonly Poisson _family = new(priors ? new GammaPrior(2, 0.5) : null);

    public override string Name => $"Poisson HMM, {states} states{(leftToRight ? ", left to right" : "")}{(hard ? ", hard" : "")}{(priors ? ", priors" : "")}";

    public override IModel<HiddenMarkovParameters<PoissonComponents>, HiddenMarkovStatistics<DenseStatistics>> Model =>
        new HiddenMarkovModel<PoissonComponents, DenseStatistics>(_family, priors ? new DirichletPrior(2) : null, priors ? new DirichletPrior(1.5) : null);

    public override IEStep<ObservationBatch, HiddenMarkovParameters<PoissonComponents>, HiddenMarkovStatistics<DenseStatistics>> CreateEStep() =>
        new HiddenMarkovEStep<PoissonComponents, DenseStatistics>(_family, hard);

    public override IObservations<ObservationBatch> Open() => new Sequences(states, leftToRight);

    public override HiddenMarkovParameters<PoissonComponents> CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        var initial = new double[states];
        if (leftToRight) initial[0] = 1;
        else random.NextDirichlet([.. Enumerable.Repeat(2.0, states)], initial);
        double[] transitions = leftToRight ? TransitionStarts.LeftToRight(states, 0.3 + 0.6 * random.NextDouble(), 2) : new double[states * states];
        for (int i = 0; i < states && !leftToRight; i++)
            random.NextDirichlet([.. Enumerable.Repeat(1.0, states)], transitions.AsSpan(i * states, states));
        double[] rates = [.. Enumerable.Range(0, states * Columns).Select(place => 0.5 + random.NextGamma(2) + (leftToRight ? 300.0 * (place / Columns) : 0))];
        return new HiddenMarkovParameters<PoissonComponents>(initial, transitions, new PoissonComponents(rates, Columns));
    }

    sealed class Sequences : IObservations<ObservationBatch>
    {
        readonly List<double[]> _values = [];
        readonly List<double[]> _known = [];

        // Of one row, of more than one block, one with a known state in its middle.
        public Sequences(int states, bool turning)
        {
            Philox random = Philox.ForStream(7, 0);
            for (int sequence = 0; sequence < SequenceCount; sequence++)
            {
                int length = sequence switch { 2 => 1, 3 => 150, 4 => 64, _ => 2 + random.NextInt32(12) };
                var values = new double[length * Columns];
                for (int i = 0; i < values.Length; i++) values[i] = random.NextPoisson(i / 10 % 2 == 0 ? 2 : 7);
                if (turning && sequence == 5) values[2] = 700;
                var known = new double[length * states];
                Array.Fill(known, double.NaN);
                if (sequence == 3)
                    for (int k = 0; k < states; k++) known[70 * states + k] = k == states / 2 ? 1 : 0;
                _values.Add(values);
                _known.Add(known);
            }
        }

        public int Count => _values.Count;

        public ObservationBatch Read(int first, int count, ReadOnlyMemory<double> weights)
        {
            int[] lengths = [.. _values.Skip(first).Take(count).Select(values => values.Length / Columns)];
            double[] own = weights.ToArray();
            return new ObservationBatch(_values.Skip(first).Take(count).SelectMany(values => values).ToArray(), Columns)
            {
                Weights = own.Length == 0 ? default : lengths.SelectMany((length, sequence) => Enumerable.Repeat(own[sequence], length)).ToArray(),
                Responsibilities = _known.Skip(first).Take(count).SelectMany(known => known).ToArray(),
                SequenceLengths = lengths,
            };
        }
    }
}
