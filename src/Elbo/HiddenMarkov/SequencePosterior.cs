using System.Globalization;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.HiddenMarkov;

/// <summary>
/// The posterior over the states of the sequences of a batch, and its part of the bound. A batch is taken in three strides: the densities of all rows in
/// blocks, whatever sequence they belong to; the chain of each sequence; the expected statistics in blocks again. Used by one thread at a time.
/// </summary>
sealed unsafe class SequencePosterior<TStatistics>(ChainTables tables, IComponentKernel<TStatistics> kernel) where TStatistics : class, IStatistics<TStatistics>
{
    const int Capacity = RowBlock.Capacity;

    readonly IChainLanes _lanes = KernelProfiles.Run(KernelProfiles.Current, new ChainLanesMaker());

    int States => tables.States;

    int Stride => tables.Stride;

    /// <summary>The expected statistics of a batch, and its part of the bound.</summary>
    public LocalBound Accumulate(ObservationBatch batch, ChainScratch scratch, bool hard, HiddenMarkovStatistics<TStatistics> into)
    {
        Emit(batch, scratch);
        scratch.ClearCounts(States);
        double entropy = 0, evidence = 0;
        int first = 0;
        for (int sequence = 0; first < batch.Count; sequence++)
        {
            int length = batch.SequenceLengths.IsEmpty ? batch.Count : batch.SequenceLengths[sequence];
            double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[first];
            if (weight > 0)
            {
                double own = Forward(batch, scratch, first, length, out bool inLogs, out int possible);
                if (possible < length) throw Impossible(batch, first + possible, possible);
                evidence += weight * own;
                if (hard) Harden(batch, scratch, first, length, weight);
                else entropy += weight * Backward(scratch, first, length, weight, inLogs);
            }
            else
            {
                scratch.Rows.Span((long)first * Stride, length * Stride).Clear();
            }
            first += length;
        }
        double joint = DirichletMoments(scratch, into);
        FamilyBound family = AccumulateRows(batch, scratch, into.Components);
        return new LocalBound(joint + family.ExpectedLogDensity, entropy + family.Entropy, evidence);
    }

    /// <summary>The log-densities of all rows, and their densities in rows.</summary>
    public void Emit(ObservationBatch batch, ChainScratch scratch)
    {
        int count = batch.Count, columns = batch.Columns, blocks = (count - 1) / Capacity + 1;
        if (!batch.Responsibilities.IsEmpty && batch.Responsibilities.Length != (long)count * States)
            throw new ArgumentException($"The states of {count} rows are known by {batch.Responsibilities.Length} numbers, and the model has {States} states.", nameof(batch));
        long rowsOfSequences = batch.SequenceLengths.IsEmpty ? count : 0;
        foreach (int length in batch.SequenceLengths) rowsOfSequences += length >= 1 ? length : throw new ArgumentException($"A sequence has the length {length}.", nameof(batch));
        if (rowsOfSequences != count) throw new ArgumentException($"The sequences of a batch have {rowsOfSequences} rows together, and it has {count}.", nameof(batch));
        scratch.EnsureValues(columns * Capacity);
        scratch.LogDensities.EnsureLength((long)blocks * States * Capacity);
        scratch.Rows.EnsureLength((long)count * Stride);
        scratch.Peaks.EnsureLength((long)blocks * Capacity);
        scratch.Scales.EnsureLength(count);
        scratch.Block.EnsureLength(2L * Stride * Capacity);
        scratch.Backward.EnsureLength(3L * Stride * Capacity + 2 * Stride);
        scratch.Steps.EnsureLength((long)Stride * Stride);
        for (int block = 0; block < blocks; block++)
        {
            int first = block * Capacity, rows = Math.Min(Capacity, count - first);
            Span<double> logs = LogsOf(scratch, block);
            kernel.LogDensities(RowBlock.Transpose(batch.Values.Slice(first * columns, rows * columns), columns, scratch.Values), logs);
            if (rows < Capacity)
                for (int k = 0; k < States; k++) logs.Slice(k * Capacity + rows, Capacity - rows).Clear();
            Exponentiate(batch, scratch, block, rows, scratch.Rows.Pointer + (nint)first * Stride, scratch.Peaks.Pointer + first);
        }
        GC.KeepAlive(scratch);
    }

    /// <summary>What is known of each state from the rows so far, in the sequence's rows: probabilities, or their logarithms. The log-evidence, −∞ with the first impossible step.</summary>
    public double Forward(ObservationBatch batch, ChainScratch scratch, int first, int length, out bool inLogs, out int possible)
    {
        double* rows = scratch.Rows.Pointer + (nint)first * Stride;
        double* scales = scratch.Scales.Pointer;
        inLogs = !_lanes.Forward(tables, rows, length, scales) || !(tables.IsDense || Overlaps(batch, scratch, first, length));
        possible = length;
        double evidence;
        if (inLogs)
        {
            LoadLogs(batch, scratch, first, length);
            evidence = LogChain.Forward(tables, rows, length, scales, out possible);
        }
        else
        {
            evidence = _lanes.SumOfLogs(scales, length);
            for (int start = first; start < first + length; start += Capacity)
                evidence += BlockMath.Sum(scratch.Peaks.Span(start, Math.Min(Capacity, first + length - start)));
        }
        GC.KeepAlive(scratch);
        GC.KeepAlive(tables);
        return evidence;
    }

    /// <summary>log p(x_t | x_1 … x_t−1) of the first steps of the sequence that went forward last.</summary>
    public static void Predictives(ChainScratch scratch, int first, int length, bool inLogs, Span<double> into)
    {
        ReadOnlySpan<double> scales = scratch.Scales.Span(0, length), peaks = scratch.Peaks.Span(first, length);
        for (int step = 0; step < length; step++) into[step] = inLogs ? scales[step] : Math.Log(scales[step]) + peaks[step];
    }

    /// <summary>γ in the sequence's rows; counts in the scratch. The entropy of q.</summary>
    public double Backward(ChainScratch scratch, int first, int length, double weight, bool inLogs)
    {
        double* rows = scratch.Rows.Pointer + (nint)first * Stride;
        double entropy;
        if (inLogs)
        {
            entropy = LogChain.Backward(tables, rows, length, scratch.Backward.Pointer, weight, scratch.Transitions);
        }
        else
        {
            double* steps = scratch.Steps.Pointer;
            scratch.Steps.Span(0, Stride * Stride).Clear();
            entropy = _lanes.Backward(tables, rows, length, scratch.Backward.Pointer, steps);
            for (int i = 0; i < States; i++)
                for (int j = 0; j < States; j++)
                    if (tables.From[i * Stride + j] > 0) scratch.Transitions[i * States + j] += weight * (tables.From[i * Stride + j] * steps[i * Stride + j]);
        }
        for (int k = 0; k < States; k++) scratch.Initial[k] += weight * rows[k];
        GC.KeepAlive(scratch);
        GC.KeepAlive(tables);
        return entropy;
    }

    /// <summary>The likeliest path of a sequence into the scratch's path (Viterbi), the first among equals. False where there is none.</summary>
    public bool Maximize(ObservationBatch batch, ChainScratch scratch, int first, int length, out int possible)
    {
        scratch.EnsurePath(length);
        LoadLogs(batch, scratch, first, length);
        double* rows = scratch.Rows.Pointer + (nint)first * Stride;
        possible = _lanes.Maximize(tables, rows, length);
        if (possible < length) return false;
        for (int step = length - 1; step >= 0; step--)
        {
            double* row = rows + (nint)step * Stride;
            double* to = step == length - 1 ? null : tables.LogTo + (nint)scratch.Path[step + 1] * Stride;
            int best = 0;
            double highest = double.NegativeInfinity;
            for (int k = 0; k < States; k++)
            {
                double value = to is null ? row[k] : row[k] + to[k];
                if (value > highest) (best, highest) = (k, value);
            }
            scratch.Path[step] = best;
        }
        GC.KeepAlive(scratch);
        GC.KeepAlive(tables);
        return true;
    }

    /// <summary>log p(x, z) of the path in the scratch.</summary>
    public double LogJointOfPath(ChainScratch scratch, int first, int length)
    {
        double sum = tables.LogInitial[scratch.Path[0]];
        for (int step = 0; step < length; step++)
        {
            if (step > 0) sum += tables.LogFrom[(nint)scratch.Path[step - 1] * Stride + scratch.Path[step]];
            sum += LogDensity(scratch, first + step, scratch.Path[step]);
        }
        GC.KeepAlive(tables);
        return sum;
    }

    void Harden(ObservationBatch batch, ChainScratch scratch, int first, int length, double weight)
    {
        Maximize(batch, scratch, first, length, out _);
        Span<double> rows = scratch.Rows.Span((long)first * Stride, length * Stride);
        rows.Clear();
        scratch.Initial[scratch.Path[0]] += weight;
        for (int step = 0; step < length; step++)
        {
            rows[step * Stride + scratch.Path[step]] = 1;
            if (step > 0) scratch.Transitions[scratch.Path[step - 1] * States + scratch.Path[step]] += weight;
        }
    }

    /// <summary>Adds the counts of the batch. Σ N ln π + Σ N ln A.</summary>
    double DirichletMoments(ChainScratch scratch, HiddenMarkovStatistics<TStatistics> into)
    {
        double joint = 0;
        for (int i = 0; i < States; i++)
        {
            if (scratch.Initial[i] != 0) joint += scratch.Initial[i] * tables.LogInitial[i];
            into.Initial[i] += scratch.Initial[i];
            for (int j = 0; j < States; j++)
            {
                double count = scratch.Transitions[i * States + j];
                if (count != 0) joint += count * tables.LogFrom[i * Stride + j];
                into.Transitions[i * States + j] += count;
            }
        }
        GC.KeepAlive(tables);
        return joint;
    }

    FamilyBound AccumulateRows(ObservationBatch batch, ChainScratch scratch, TStatistics into)
    {
        int count = batch.Count, columns = batch.Columns;
        double joint = 0, entropy = 0;
        Span<double> q = scratch.Block.Span(0, States * Capacity);
        for (int first = 0; first < count; first += Capacity)
        {
            int rows = Math.Min(Capacity, count - first);
            double* from = scratch.Rows.Pointer + (nint)first * Stride;
            for (int k = 0; k < States; k++)
            {
                Span<double> own = q.Slice(k * Capacity, Capacity);
                for (int i = 0; i < rows; i++) own[i] = from[i * Stride + k];
                own[rows..].Clear();
                for (int i = 0; i < rows && !batch.Weights.IsEmpty; i++) own[i] *= batch.Weights[first + i];
            }
            RowBlock block = RowBlock.Transpose(batch.Values.Slice(first * columns, rows * columns), columns, scratch.Values);
            FamilyBound bound = kernel.Accumulate(block, q, LogsOf(scratch, first / Capacity), into);
            joint += bound.ExpectedLogDensity;
            entropy += bound.Entropy;
        }
        GC.KeepAlive(scratch);
        return new FamilyBound(joint, entropy);
    }

    /// <summary>Whether nothing that the forward pass lost to underflow can matter, whatever the later rows say.</summary>
    bool Overlaps(ObservationBatch batch, ChainScratch scratch, int first, int length)
    {
        double* densities = scratch.Backward.Pointer, peaks = densities + Stride * Capacity, beta = peaks + Stride * Capacity;
        for (int k = 0; k < Stride; k++) beta[k] = k < States ? 1 : 0;
        for (int end = first + length; end > first;)
        {
            int block = (end - 1) / Capacity, begin = Math.Max(first, block * Capacity), rows = end - block * Capacity;
            Exponentiate(batch, scratch, block, rows, densities, peaks);
            double* filtered = scratch.Rows.Pointer + (nint)begin * Stride;
            if (!_lanes.Overlap(tables, filtered, densities + (begin - block * Capacity) * Stride, end - begin, beta, beta + Stride)) return false;
            end = begin;
        }
        return true;
    }

    /// <summary>The log-densities of a sequence, with the known states' alone where they are known, in its rows.</summary>
    void LoadLogs(ObservationBatch batch, ChainScratch scratch, int first, int length)
    {
        for (int row = first; row < first + length; row++)
        {
            Span<double> into = scratch.Rows.Span((long)row * Stride, Stride);
            for (int k = 0; k < States; k++) into[k] = IsExcluded(batch, row, k) ? double.NegativeInfinity : LogDensity(scratch, row, k);
            into[States..].Fill(double.NegativeInfinity);
        }
    }

    /// <summary>The densities of the first rows of a block, those of known states alone where they are known.</summary>
    void Exponentiate(ObservationBatch batch, ChainScratch scratch, int block, int count, double* rows, double* peaks)
    {
        double* source = scratch.LogDensities.Pointer + (nint)block * States * Capacity;
        if (!batch.Responsibilities.IsEmpty)
        {
            Span<double> masked = scratch.Block.Span(0, States * Capacity);
            LogsOf(scratch, block).CopyTo(masked);
            for (int i = 0; i < count; i++)
                for (int k = 0; k < States; k++)
                    if (IsExcluded(batch, block * Capacity + i, k)) masked[k * Capacity + i] = double.NegativeInfinity;
            source = scratch.Block.Pointer;
        }
        _lanes.Exponentiate(source, States, count, scratch.Block.Pointer + (nint)Stride * Capacity, rows, Stride, peaks);
    }

    bool IsExcluded(ObservationBatch batch, int row, int state) => !batch.Responsibilities.IsEmpty && batch.Responsibilities[row * States + state] == 0;

    double LogDensity(ChainScratch scratch, int row, int state) => LogsOf(scratch, row / Capacity)[state * Capacity + row % Capacity];

    Span<double> LogsOf(ChainScratch scratch, int block) => scratch.LogDensities.Span((long)block * States * Capacity, States * Capacity);

    static InvalidOperationException Impossible(ObservationBatch batch, int row, int step)
    {
        string values = string.Join(", ", batch.Values.Slice(row * batch.Columns, batch.Columns).ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        return new InvalidOperationException($"Step {step + 1} of a sequence, the row ({values}), is impossible: no state that can be reached there can have made it. Start from other parameters, or allow transitions that are 0.");
    }
}
