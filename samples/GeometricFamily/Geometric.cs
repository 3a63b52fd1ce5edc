using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace GeometricFamily;

// θ: the chance that each component stops. Immutable, and described as named tensors.
public sealed class Chances(double[] stop) : IComponents<Chances>
{
    public int Count => stop.Length;
    public int Columns => 1;
    public double Stop(int component) => stop[component];
    public Chances Select(ReadOnlySpan<int> components) => new([.. components.ToArray().Select(k => stop[k])]);
    public void Describe(ITensorVisitor visitor) => visitor.Visit("chances", [Count, 2], [.. stop.SelectMany(p => new[] { p, 1 - p })], TensorConstraint.Simplex);
    public static Chances FromTensors(TensorSet tensors) => new([.. tensors.Doubles("chances", TensorConstraint.Simplex, -1, 2).Where((_, place) => place % 2 == 0)]);
}

// Failures before the first success: p(x | k) = p (1 − p)^x. The statistics of a component are Σ q and Σ q x.
public sealed class Geometric : IComponentFamily<Chances, DenseStatistics>
{
    // A component of zeros alone would have p = 1 and call every other number impossible.
    const double Most = 1 - 1e-9;

    public string Name => "geometric";

    public void Check(ObservationTable table)
    {
        for (int i = 0; i < table.RowCount; i++)
            if (table.ColumnCount != 1 || table.Row(i)[0] is var value && !(value >= 0 && value == Math.Floor(value)))
                throw new ArgumentException($"Row {i + 1} is no single count of 0 or more, and the geometric family takes nothing else.", nameof(table));
    }

    public Chances Pool(ObservationTable table, int components)
    {
        double failures = 0;
        for (int i = 0; i < table.RowCount; i++) failures += (table.Weights.IsEmpty ? 1 : table.Weights[i]) * table.Row(i)[0];
        return new Chances([.. Enumerable.Repeat(Best(table.TotalWeight, failures), components)]);
    }

    public DenseStatistics CreateStatistics(Chances current) => new(2 * current.Count);

    public Chances Maximize(DenseStatistics s, Chances current) =>
        new([.. Enumerable.Range(0, current.Count).Select(k => s.Values[2 * k] > 0 ? Best(s.Values[2 * k], s.Values[2 * k + 1]) : current.Stop(k))]);

    public Chances Constrain(Chances chances) => new([.. Enumerable.Range(0, chances.Count).Select(k => Math.Min(chances.Stop(k), Most))]);

    public double ExpectedLogDensity(DenseStatistics s, Chances chances) =>
        Enumerable.Range(0, chances.Count).Sum(k => s.Values[2 * k] * Math.Log(chances.Stop(k)) + s.Values[2 * k + 1] * Math.Log(1 - chances.Stop(k)));

    public bool IsOnFloor(Chances chances, int component) => chances.Stop(component) >= Most;

    public IComponentKernel<DenseStatistics> Prepare(Chances chances) => new Kernel(chances);

    public void Sample(Chances chances, int component, Philox random, Span<double> row)
    {
        for (row[0] = 0; random.NextDouble() >= chances.Stop(component); row[0]++) ;
    }

    static double Best(double count, double failures) => Math.Min(count / (count + failures), Most);

    sealed class Kernel(Chances chances) : IComponentKernel<DenseStatistics>
    {
        public void LogDensities(RowBlock block, Span<double> into)
        {
            for (int k = 0; k < chances.Count; k++)
                for (int i = 0; i < block.Count; i++)
                    block.Of(into, k)[i] = Math.Log(chances.Stop(k)) + block.Column(0)[i] * Math.Log(1 - chances.Stop(k));
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            for (int k = 0; k < chances.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                for (int i = 0; i < q.Length; i++)
                {
                    into.Values[2 * k] += q[i];
                    into.Values[2 * k + 1] += q[i] * block.Column(0)[i];
                }
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }
    }
}
