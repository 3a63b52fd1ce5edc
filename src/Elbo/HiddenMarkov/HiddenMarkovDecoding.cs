using Elbo.Engine;
using Elbo.Families;
using Elbo.Observations;

namespace Elbo.HiddenMarkov;

/// <summary>A likeliest path of states for each sequence.</summary>
/// <param name="States">One state for each row.</param>
/// <param name="LogJoints">log p(x, z) of the path of each sequence, in nats.</param>
public sealed record HiddenMarkovPath(int[] States, double[] LogJoints);

/// <summary>
/// What a hidden Markov model says of sequences at fixed parameters. States that a table knows are kept; weights are not looked at. Safe to use from many threads.
/// </summary>
/// <remarks>
/// A sequence with a step that is impossible in every state has the log-likelihood −∞; asking for its states is an <see cref="InvalidOperationException"/> that names the row.
/// </remarks>
/// <typeparam name="TComponents">The parameters of what the states emit.</typeparam>
/// <typeparam name="TStatistics">Their statistics.</typeparam>
/// <param name="family">What the states emit.</param>
/// <param name="parameters">θ.</param>
public sealed class HiddenMarkovDecoding<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, HiddenMarkovParameters<TComponents> parameters)
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    readonly IComponentFamily<TComponents, TStatistics> _family = family ?? throw new ArgumentNullException(nameof(family));
    readonly HiddenMarkovParameters<TComponents> _parameters = parameters ?? throw new ArgumentNullException(nameof(parameters));
    readonly ChainTables _tables = new(parameters.Initial, parameters.Transitions);

    int States => _parameters.Count;

    /// <summary>log p(x_1 … x_T) of each sequence, in nats.</summary>
    public double[] LogLikelihoods(ObservationTable table)
    {
        var logs = new double[CountOf(table)];
        Visit(table, sequence => logs[sequence.Number] = sequence.Forward(out _, out _));
        return logs;
    }

    /// <summary>log p(x_t | x_1 … x_t−1) of each row, in nats; they add up to the sequence's log-likelihood. −∞ from an impossible step to the sequence's end.</summary>
    public double[] LogPredictives(ObservationTable table)
    {
        var logs = new double[RowsOf(table)];
        Visit(table, sequence =>
        {
            sequence.Forward(out bool inLogs, out int possible);
            Span<double> own = logs.AsSpan(sequence.Row, sequence.Length);
            SequencePosterior<TStatistics>.Predictives(sequence.Scratch, sequence.First, possible, inLogs, own);
            own[possible..].Fill(double.NegativeInfinity);
        });
        return logs;
    }

    /// <summary>p(z_t | x_1 … x_t), K numbers a row (filtering).</summary>
    public double[] Filtered(ObservationTable table) => Marginals(table, smooth: false);

    /// <summary>p(z_t | x_1 … x_T), K numbers a row (smoothing).</summary>
    public double[] Smoothed(ObservationTable table) => Marginals(table, smooth: true);

    /// <summary>The likeliest state of each row on its own (posterior decoding), the first among equals. The states together may be impossible.</summary>
    public int[] MostLikelyStates(ObservationTable table)
    {
        double[] marginals = Smoothed(table);
        var states = new int[marginals.Length / States];
        for (int row = 0; row < states.Length; row++)
        {
            ReadOnlySpan<double> own = marginals.AsSpan(row * States, States);
            for (int k = 1; k < own.Length; k++)
                if (own[k] > own[states[row]]) states[row] = k;
        }
        return states;
    }

    /// <summary>The likeliest path of each sequence as a whole (Viterbi 1967), the first states among equals, from its end.</summary>
    public HiddenMarkovPath Viterbi(ObservationTable table)
    {
        var path = new HiddenMarkovPath(new int[RowsOf(table)], new double[CountOf(table)]);
        Visit(table, sequence =>
        {
            ChainScratch scratch = sequence.Scratch;
            if (!sequence.Posterior.Maximize(sequence.Batch, scratch, sequence.First, sequence.Length, out int possible)) throw sequence.Impossible(possible);
            scratch.Path.AsSpan(0, sequence.Length).CopyTo(path.States.AsSpan(sequence.Row));
            path.LogJoints[sequence.Number] = sequence.Posterior.LogJointOfPath(scratch, sequence.First, sequence.Length);
        });
        return path;
    }

    double[] Marginals(ObservationTable table, bool smooth)
    {
        var marginals = new double[checked(RowsOf(table) * States)];
        Visit(table, sequence =>
        {
            ChainScratch scratch = sequence.Scratch;
            sequence.Forward(out bool inLogs, out int possible);
            if (possible < sequence.Length) throw sequence.Impossible(possible);
            scratch.ClearCounts(States);
            if (smooth) sequence.Posterior.Backward(scratch, sequence.First, sequence.Length, 0, inLogs);
            bool exponentiate = inLogs && !smooth;
            for (int step = 0; step < sequence.Length; step++)
            {
                ReadOnlySpan<double> row = scratch.Rows.Span((long)(sequence.First + step) * _tables.Stride, States);
                Span<double> into = marginals.AsSpan((sequence.Row + step) * States, States);
                for (int k = 0; k < row.Length; k++) into[k] = exponentiate ? Math.Exp(row[k]) : row[k];
            }
        });
        return marginals;
    }

    void Visit(ObservationTable table, Visitor visitor)
    {
        ArgumentNullException.ThrowIfNull(table);
        _family.Check(table);
        var shards = new SequenceShards(table, ignoreWeights: true);
        var posterior = new SequencePosterior<TStatistics>(_tables, _family.Prepare(_parameters.Components));
        var scratch = new ChainScratch();
        int row = 0, number = 0;
        for (int shard = 0; shard < shards.Count; shard++)
        {
            ObservationBatch batch = shards.Read(shard);
            posterior.Emit(batch, scratch);
            for (int first = 0, length; first < batch.Count; first += length, row += length)
            {
                length = batch.SequenceLengths.IsEmpty ? batch.Count : table.SequenceLengths[number];
                visitor(new Sequence(posterior, batch, scratch, first, length, row, number++));
            }
        }
    }

    static int CountOf(ObservationTable table) => table is null ? 0 : Math.Max(1, table.SequenceLengths.Length);

    static int RowsOf(ObservationTable table) => table is null ? 0 : table.RowCount;

    delegate void Visitor(Sequence sequence);

    /// <summary>One sequence: where it begins in its batch and in the table, and its number.</summary>
    readonly ref struct Sequence(SequencePosterior<TStatistics> posterior, ObservationBatch batch, ChainScratch scratch, int first, int length, int row, int number)
    {
        public SequencePosterior<TStatistics> Posterior { get; } = posterior;

        public ObservationBatch Batch { get; } = batch;

        public ChainScratch Scratch { get; } = scratch;

        public int First { get; } = first;

        public int Length { get; } = length;

        public int Row { get; } = row;

        public int Number { get; } = number;

        public double Forward(out bool inLogs, out int possible) => Posterior.Forward(Batch, Scratch, First, Length, out inLogs, out possible);

        public InvalidOperationException Impossible(int step) =>
            new($"Row {Row + step + 1}, step {step + 1} of sequence {Number + 1}, is impossible: no state that can be reached there can have made it.");
    }
}
