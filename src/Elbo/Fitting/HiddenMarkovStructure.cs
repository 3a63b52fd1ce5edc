using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>A hidden Markov model, for the fitter.</summary>
sealed class HiddenMarkovStructure<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, DirichletPrior? prior, bool leftToRight)
    : ILatentStructure<HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    public IModel<HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>> Model { get; } = new HiddenMarkovModel<TComponents, TStatistics>(family, prior, prior);

    public IEStep<ObservationBatch, HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>> CreateEStep(bool hard) => new HiddenMarkovEStep<TComponents, TStatistics>(family, hard);

    public IShards<ObservationBatch> Cut(ObservationTable table) => new SequenceShards(table);

    public TableUnits UnitsOf(ObservationTable table) => new(table, areSequences: true);

    public void Check(ObservationTable table)
    {
        family.Check(table);
        if (leftToRight && !table.Responsibilities.IsEmpty) CheckOrder(table);
    }

    public void Check(HiddenMarkovParameters<TComponents> parameters, int columns) => family.CheckComponents(parameters.Components, columns);

    /// <summary>The components as a mixture would start them; transitions as the responsibilities of neighbours go together, each counted once more than it was seen.</summary>
    public HiddenMarkovParameters<TComponents> Start(ObservationTable table, double[] responsibilities, int components)
    {
        TComponents emissions = new MixtureStructure<TComponents, TStatistics>(family, null).Start(table, responsibilities, components).Components;
        if (leftToRight)
        {
            var first = new double[components];
            first[0] = 1;
            return new HiddenMarkovParameters<TComponents>(first, TransitionStarts.LeftToRight(components), emissions);
        }
        double[] initial = new double[components], transitions = new double[components * components];
        Array.Fill(initial, 1);
        Array.Fill(transitions, 1);
        int row = 0;
        foreach (int length in table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths)
        {
            for (int step = 0; step < length; step++, row++)
            {
                ReadOnlySpan<double> own = responsibilities.AsSpan(row * components, components);
                for (int j = 0; j < components; j++)
                {
                    if (step == 0) initial[j] += own[j];
                    else
                        for (int i = 0; i < components; i++) transitions[i * components + j] += responsibilities[(row - 1) * components + i] * own[j];
                }
            }
        }
        for (int i = 0; i < components; i++) Normalize(transitions.AsSpan(i * components, components), i);
        Normalize(initial, 0);
        return new HiddenMarkovParameters<TComponents>(initial, transitions, emissions);
    }

    public int CountOf(HiddenMarkovParameters<TComponents> parameters) => parameters.Count;

    /// <summary>A chain that was found began without any.</summary>
    public int CountStructuralZeros(HiddenMarkovParameters<TComponents> parameters, bool wasGiven) =>
        leftToRight || wasGiven ? parameters.Initial.Count(0) + parameters.Transitions.Count(0) : 0;

    public bool CanDrop(HiddenMarkovParameters<TComponents> parameters, int component) => parameters.Components.CanDrop(component);

    public HiddenMarkovParameters<TComponents> Without(HiddenMarkovParameters<TComponents> parameters, int component)
    {
        int[] kept = [.. Enumerable.Range(0, parameters.Count).Where(k => k != component)];
        double[] initial = new double[kept.Length], transitions = new double[kept.Length * kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            initial[i] = parameters.Initial[kept[i]];
            for (int j = 0; j < kept.Length; j++) transitions[i * kept.Length + j] = parameters.TransitionsFrom(kept[i])[kept[j]];
            Normalize(transitions.AsSpan(i * kept.Length, kept.Length), i);
        }
        Normalize(initial, 0);
        return new HiddenMarkovParameters<TComponents>(initial, transitions, parameters.Components.Select(kept));
    }

    public bool IsOnFloor(HiddenMarkovParameters<TComponents> parameters, int component) => family.IsOnFloor(parameters.Components, component);

    /// <summary>Of the first n steps, n the mean length of a sequence, the share that the chain spends in a state: (1/n) Σ_t π Aᵗ, by doubling.</summary>
    public double ShareOf(HiddenMarkovParameters<TComponents> parameters, ObservationTable table, int component)
    {
        int states = parameters.Count, steps = Math.Max(1, table.RowCount / Math.Max(1, table.SequenceLengths.Length));
        // visits[i] is how often the state is met in the steps counted so far, from state i on; power is A to that many steps.
        double[] visits = new double[states], power = parameters.Transitions.ToArray();
        visits[component] = 1;
        int counted = 1;
        for (; counted <= steps / 2; counted *= 2)
        {
            double[] later = Multiply(power, visits, 1);
            for (int i = 0; i < states; i++) visits[i] += later[i];
            power = Multiply(power, power, states);
        }
        double sum = 0;
        for (int i = 0; i < states; i++) sum += parameters.Initial[i] * visits[i];
        return sum / counted;

        double[] Multiply(double[] matrix, double[] right, int columns)
        {
            var product = new double[states * columns];
            for (int i = 0; i < states; i++)
                for (int k = 0; k < states; k++)
                    for (int j = 0; j < columns; j++) product[i * columns + j] += matrix[i * states + k] * right[k * columns + j];
            return product;
        }
    }

    public Prediction Predict(ObservationTable table, HiddenMarkovParameters<TComponents> parameters, bool path)
    {
        var decoding = new HiddenMarkovDecoding<TComponents, TStatistics>(family, parameters);
        return new Prediction(parameters.Count, decoding.Smoothed(table), decoding.LogPredictives(table), path ? decoding.Viterbi(table).States : null);
    }

    public double[] LogDensities(ObservationTable table, HiddenMarkovParameters<TComponents> parameters) => new HiddenMarkovDecoding<TComponents, TStatistics>(family, parameters).LogPredictives(table);

    public Sample Draw(HiddenMarkovParameters<TComponents> parameters, IReadOnlyList<int> lengths, ulong seed, ObservationTable? regressors, IReadOnlyList<string> columnNames)
    {
        family.CheckRegressors(regressors);
        double[] values = regressors?.Values.ToArray() ?? new double[checked(lengths.Sum() * columnNames.Count)];
        int[] states = HiddenMarkovSampling.Draw(family, parameters, lengths, seed, values);
        return new Sample(new ObservationTable(values, columnNames.Count, columnNames).WithSequences([.. lengths]), states);
    }

    /// <summary>Known states must be such as a chain from the first state on, by at most one state a step, can pass.</summary>
    static void CheckOrder(ObservationTable table)
    {
        int states = table.Responsibilities.Length / table.RowCount, row = 0;
        foreach (int length in table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths)
        {
            int least = 0, furthest = 0;
            for (int step = 0; step < length; step++, row++, furthest++)
            {
                int known = table.Responsibilities.Slice(row * states, states).IndexOf(1.0);
                if (known < 0) continue;
                if (known < least || known > furthest)
                    throw new ArgumentException($"Row {row + 1} is known to be in state {known}, and from left to right only states {least} to {Math.Min(furthest, states - 1)} can be reached there. Take the label away, or allow all transitions.");
                least = furthest = known;
            }
        }
    }

    /// <summary>What has lost all of its mass goes to one place.</summary>
    static void Normalize(Span<double> row, int fallback)
    {
        double sum = 0;
        foreach (double value in row) sum += value;
        if (!(sum > 0))
        {
            row.Clear();
            row[fallback] = 1;
            return;
        }
        foreach (ref double value in row) value /= sum;
    }
}
