using System.Text;
using Elbo.Engine;

namespace Elbo.Topics;

/// <summary>The passes of all starts as tensors, for model files. Elapsed times are left out, so that the same seed gives the same bytes.</summary>
sealed class TopicPassTensors(IReadOnlyList<IReadOnlyList<TopicPass>> starts) : ITensors<TopicPassTensors>
{
    // Number, start, segment, which values there are (bits in the order of the others); objective, held-out score, moved share.
    const int Integers = 4, Doubles = 3;

    public IReadOnlyList<IReadOnlyList<TopicPass>> Starts { get; } = starts;

    public void Describe(ITensorVisitor visitor)
    {
        List<string> segments = [];
        List<int> integers = [];
        List<double> doubles = [];
        for (int start = 0; start < Starts.Count; start++)
        {
            foreach (TopicPass pass in Starts[start])
            {
                int segment = segments.IndexOf(pass.Segment);
                if (segment < 0)
                {
                    segment = segments.Count;
                    segments.Add(pass.Segment);
                }
                double?[] values = [pass.Objective, pass.HeldOut, pass.Moved];
                int present = 0;
                for (int i = 0; i < Doubles; i++) present |= (values[i] is null ? 0 : 1) << i;
                integers.AddRange([pass.Number, start, segment, present]);
                doubles.AddRange(values.Select(value => value ?? 0));
            }
        }
        int count = integers.Count / Integers;
        visitor.Visit("starts", [], [Starts.Count]);
        visitor.Visit("integers", [count, Integers], integers.ToArray());
        visitor.Visit("doubles", [count, Doubles], doubles.ToArray(), TensorConstraint.Fixed);
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\n', segments));
        visitor.Visit("segments", [names.Length], names);
    }

    public static TopicPassTensors FromTensors(TensorSet tensors)
    {
        int count = tensors.Integers("starts")[0];
        int[] integers = tensors.Integers("integers", -1, Integers);
        double[] doubles = tensors.Doubles("doubles", TensorConstraint.Fixed, integers.Length / Integers, Doubles);
        string[] segments = Encoding.UTF8.GetString(tensors.Raw("segments", -1)).Split('\n');
        if (count is < 0 or > 1_000_000) throw new InvalidDataException($"Tensor 'starts' has {count} starts.");
        var starts = new List<TopicPass>[count];
        for (int start = 0; start < count; start++) starts[start] = [];
        for (int i = 0; i < integers.Length / Integers; i++)
        {
            (int start, int segment) = (integers[Integers * i + 1], integers[Integers * i + 2]);
            if ((uint)start >= (uint)count || (uint)segment >= (uint)segments.Length)
                throw new InvalidDataException($"Tensor 'integers': pass {i} names start {start} and segment {segment}, which are not there.");
            starts[start].Add(new TopicPass
            {
                Number = integers[Integers * i],
                Segment = segments[segment],
                Objective = Value(i, 0),
                HeldOut = Value(i, 1),
                Moved = Value(i, 2),
                Elapsed = TimeSpan.Zero,
            });
        }
        return new TopicPassTensors(starts);

        double? Value(int pass, int place) => (integers[Integers * pass + 3] >> place & 1) == 0 ? null : doubles[Doubles * pass + place];
    }
}
