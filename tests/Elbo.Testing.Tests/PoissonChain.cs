using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing.Tests;

/// <summary>
/// Hidden Markov models of Poisson counts. With a left-to-right chain one sequence
/// turns late (see <see cref="HiddenMarkovEStep{TComponents, TStatistics}"/>), so that logarithms are gone through too.
/// </summary>
static class PoissonChain
{
    const int SequenceCount = 14, Columns = 2;

    public static HiddenMarkovSubject<PoissonComponents, DenseStatistics> Create(int states, bool leftToRight, bool hard, bool priors, bool known) =>
        new($"Poisson HMM, {states} states{(leftToRight ? ", left to right" : "")}{(hard ? ", hard" : "")}{(priors ? ", priors" : "")}{(known ? ", known states" : "")}",
            new Poisson(priors ? new GammaPrior(2, 0.5) : null), Draw(states, leftToRight, known), states, leftToRight,
            priors ? new DirichletPrior(2) : null, priors ? new DirichletPrior(1.5) : null, hard, LogDensity, seed => Rates(states, leftToRight, seed));

    static double LogDensity(PoissonComponents components, int component, ReadOnlySpan<double> row)
    {
        double sum = 0;
        for (int j = 0; j < Columns; j++)
        {
            double rate = components.Rates(component)[j];
            sum -= rate;
            for (int n = 1; n <= row[j]; n++) sum += Math.Log(rate / n);
        }
        return sum;
    }

    static PoissonComponents Rates(int states, bool leftToRight, ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        return new PoissonComponents([.. Enumerable.Range(0, states * Columns).Select(place => 0.5 + random.NextGamma(2) + (leftToRight ? 300.0 * (place / Columns) : 0))], Columns);
    }

    // Of one row, of more than one block, one with a known state in its middle.
    static ObservationTable Draw(int states, bool turning, bool withKnown)
    {
        Philox random = Philox.ForStream(7, 0);
        int[] lengths = [.. Enumerable.Range(0, SequenceCount).Select(sequence => sequence switch { 2 => 1, 3 => 150, 4 => 64, _ => 2 + random.NextInt32(12) })];
        var values = new List<double>();
        var labels = new List<int>();
        for (int sequence = 0; sequence < SequenceCount; sequence++)
        {
            for (int i = 0; i < lengths[sequence] * Columns; i++) values.Add(turning && sequence == 5 && i == 2 ? 700 : random.NextPoisson(i / 10 % 2 == 0 ? 2 : 7));
            labels.AddRange(Enumerable.Range(0, lengths[sequence]).Select(step => sequence == 3 && step == 70 ? states / 2 : -1));
        }
        var table = new ObservationTable([.. values], Columns);
        return (withKnown ? table.WithLabels([.. labels], states) : table).WithSequences(lengths);
    }
}
