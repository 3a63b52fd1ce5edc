using System.Text;

namespace Elbo.Engine;

/// <summary>
/// The traces of all starts as tensors, for model files and checkpoints. Elapsed times are left out, so that the same seed gives the same bytes.
/// </summary>
/// <param name="traces">The trace of every start, in order.</param>
public sealed class TraceTensors(IReadOnlyList<IReadOnlyList<Iteration>> traces) : ITensors<TraceTensors>
{
    // number, start, segment, guarantee, stop reason (−1: none), which optional values there are (bits in the order of Optional), move, rejected proposals.
    const int Integers = 8;

    // E-step, M-step and own half-step, four values each; the terms; scale; change.
    const int Doubles = 12 + BoundTerms.Capacity + 2;

    [Flags]
    enum Optional
    {
        None = 0,
        EStep = 1,
        MStep = 2,
        Change = 4,
        EStepEvidence = 8,
        MStepEvidence = 16,
        OwnEvidence = 32,
    }

    /// <summary>The trace of every start, in order.</summary>
    public IReadOnlyList<IReadOnlyList<Iteration>> Traces { get; } = traces;

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        int count = Traces.Sum(trace => trace.Count);
        string[] segments = [.. Traces.SelectMany(trace => trace).Select(iteration => iteration.Segment).Distinct()];
        var integers = new int[count * Integers];
        var doubles = new double[count * Doubles];
        int row = 0;
        for (int start = 0; start < Traces.Count; start++)
        {
            foreach (Iteration iteration in Traces[start])
            {
                Write(iteration, start, Array.IndexOf(segments, iteration.Segment), integers.AsSpan(row * Integers, Integers), doubles.AsSpan(row * Doubles, Doubles));
                row++;
            }
        }
        visitor.Visit("records", [count, Integers], integers);
        visitor.Visit("values", [count, Doubles], doubles, TensorConstraint.Fixed);
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\n', segments));
        visitor.Visit("segments", [names.Length], names);
    }

    /// <inheritdoc/>
    public static TraceTensors FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        int[] integers = tensors.Integers("records", -1, Integers);
        int count = integers.Length / Integers;
        double[] doubles = tensors.Doubles("values", TensorConstraint.Fixed, count, Doubles);
        string[] segments = Encoding.UTF8.GetString(tensors.Raw("segments", -1)).Split('\n');
        var traces = new List<List<Iteration>>();
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<int> record = integers.AsSpan(row * Integers, Integers);
            if (record[1] != traces.Count - 1 && record[1] != traces.Count)
                throw new InvalidDataException($"Tensor 'records' names start {record[1]} in row {row}, out of order.");
            if (record[1] == traces.Count) traces.Add([]);
            traces[^1].Add(Read(record, doubles.AsSpan(row * Doubles, Doubles), segments, row));
        }
        return new TraceTensors(traces);
    }

    static void Write(Iteration iteration, int start, int segment, Span<int> integers, Span<double> doubles)
    {
        Optional present = Optional.None;
        void Mark(bool there, Optional what) => present |= there ? what : Optional.None;
        Mark(iteration.EStep is not null, Optional.EStep);
        Mark(iteration.MStep is not null, Optional.MStep);
        Mark(iteration.Change is not null, Optional.Change);
        Mark(iteration.EStep?.LogEvidence is not null, Optional.EStepEvidence);
        Mark(iteration.MStep?.LogEvidence is not null, Optional.MStepEvidence);
        Mark(iteration.Own.LogEvidence is not null, Optional.OwnEvidence);
        ReadOnlySpan<int> record = [iteration.Number, start, segment, (int)iteration.Guarantee, (int?)iteration.StopReason ?? -1, (int)present, (int)iteration.Move, iteration.RejectedProposals];
        record.CopyTo(integers);
        WriteHalf(iteration.EStep ?? default, doubles);
        WriteHalf(iteration.MStep ?? default, doubles[4..]);
        WriteHalf(iteration.Own, doubles[8..]);
        for (int term = 0; term < BoundTerms.Capacity; term++) doubles[12 + term] = iteration.Terms[term];
        doubles[^2] = iteration.Scale;
        doubles[^1] = iteration.Change ?? 0;
    }

    static void WriteHalf(HalfStep half, Span<double> doubles) =>
        (doubles[0], doubles[1], doubles[2], doubles[3]) = (half.ExpectedLogJoint, half.Entropy, half.GlobalBound, half.LogEvidence ?? 0);

    static Iteration Read(ReadOnlySpan<int> record, ReadOnlySpan<double> doubles, string[] segments, int row)
    {
        if ((uint)record[2] >= (uint)segments.Length || !Enum.IsDefined((Guarantee)record[3]) || (record[4] != -1 && !Enum.IsDefined((StopReason)record[4])) || !Enum.IsDefined((Move)record[6]))
            throw new InvalidDataException($"Tensor 'records' has a segment, guarantee, stop reason or move in row {row} that does not exist.");
        var present = (Optional)record[5];
        BoundTerms terms = default;
        for (int term = 0; term < BoundTerms.Capacity; term++) terms[term] = doubles[12 + term];
        return new Iteration
        {
            Number = record[0],
            Segment = segments[record[2]],
            Guarantee = (Guarantee)record[3],
            StopReason = record[4] == -1 ? null : (StopReason)record[4],
            Move = (Move)record[6],
            RejectedProposals = record[7],
            EStep = present.HasFlag(Optional.EStep) ? ReadHalf(doubles, present.HasFlag(Optional.EStepEvidence)) : null,
            MStep = present.HasFlag(Optional.MStep) ? ReadHalf(doubles[4..], present.HasFlag(Optional.MStepEvidence)) : null,
            Own = ReadHalf(doubles[8..], present.HasFlag(Optional.OwnEvidence)),
            Terms = terms,
            Scale = doubles[^2],
            Change = present.HasFlag(Optional.Change) ? doubles[^1] : null,
            Elapsed = TimeSpan.Zero,
        };
    }

    static HalfStep ReadHalf(ReadOnlySpan<double> doubles, bool hasEvidence) =>
        new(doubles[0], doubles[1], doubles[2], hasEvidence ? doubles[3] : null);
}
