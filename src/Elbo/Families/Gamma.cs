using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of independent gamma columns. Immutable.</summary>
/// <param name="shapes">a, K × columns, each above 0.</param>
/// <param name="rates">b, K × columns, each above 0; the mean is a/b, the variance a/b².</param>
/// <param name="columns">How many columns a row has.</param>
public sealed class GammaComponents(double[] shapes, double[] rates, int columns) : IComponents<GammaComponents>
{
    /// <inheritdoc/>
    public int Count => shapes.Length / columns;

    /// <inheritdoc/>
    public int Columns => columns;

    /// <summary>a of one component, one for each column.</summary>
    public ReadOnlySpan<double> Shapes(int component) => shapes.AsSpan(component * columns, columns);

    /// <summary>b of one component, one for each column.</summary>
    public ReadOnlySpan<double> Rates(int component) => rates.AsSpan(component * columns, columns);

    /// <inheritdoc/>
    public GammaComponents Select(ReadOnlySpan<int> components)
    {
        double[] selectedShapes = new double[components.Length * columns], selectedRates = new double[components.Length * columns];
        for (int k = 0; k < components.Length; k++)
        {
            Shapes(components[k]).CopyTo(selectedShapes.AsSpan(k * columns));
            Rates(components[k]).CopyTo(selectedRates.AsSpan(k * columns));
        }
        return new GammaComponents(selectedShapes, selectedRates, columns);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("shapes", [Count, columns], shapes, TensorConstraint.Positive);
        visitor.Visit("rates", [Count, columns], rates, TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static GammaComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] shapes = tensors.Doubles("shapes", TensorConstraint.Positive, -1, -1);
        int columns = tensors.Length("shapes", 1);
        return new GammaComponents(shapes, tensors.Doubles("rates", TensorConstraint.Positive, tensors.Length("shapes", 0), columns), columns);
    }
}

/// <summary>
/// Independent gamma columns, p(x | k) = Π_j b^a x^(a−1) e^(−b x) / Γ(a), x > 0. Statistics of a component: Σ q; for every column Σ q x and Σ q ln x.
/// With b = a / mean, the shape solves ln a − ψ(a) = ln mean(x) − mean(ln x) (Minka 2002, eq. 7). A prior is on b; the shape is then found along b(a), its best rate.
/// </summary>
public sealed class Gamma : IComponentFamily<GammaComponents, DenseStatistics>
{
    const string LargestShapeKey = "largest_shape";

    /// <summary>Far below what any rows ask for; it keeps the search in the range of doubles.</summary>
    const double SmallestShape = 1e-6;

    readonly double _largestShape;
    readonly GammaPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="largestShape">The floor of the relative variance, which is 1/a: rows that are all the same would have an unbounded likelihood. Above 1.</param>
    /// <param name="prior">Gamma(shape, rate) on every b; null for maximum likelihood.</param>
    public Gamma(double largestShape = 1e6, GammaPrior? prior = null)
    {
        _largestShape = largestShape > 1 && double.IsFinite(largestShape) ? largestShape : throw new ArgumentOutOfRangeException(nameof(largestShape), largestShape, "The largest shape must be above 1.");
        _prior = prior;
    }

    /// <inheritdoc/>
    public string Name => "gamma";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(GammaPrior.Write(_prior)) { [LargestShapeKey] = Properties.Write(_largestShape) };

    internal static Gamma Create(IReadOnlyDictionary<string, string> settings) => new(Properties.ReadDouble(settings, LargestShapeKey), GammaPrior.Read(settings));

    /// <inheritdoc/>
    public void Check(ObservationTable table) => Requirement.Every(table, Name, value => value > 0, "numbers above 0");

    /// <inheritdoc/>
    public GammaComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        int columns = table.ColumnCount;
        double[] means = ColumnMoments.Means(table), shapes = new double[columns], rates = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            double logs = 0;
            for (int i = 0; i < table.RowCount; i++) logs += (table.Weights.IsEmpty ? 1 : table.Weights[i]) * Math.Log(table.Row(i)[j]);
            double weight = table.TotalWeight;
            shapes[j] = BestShape(weight, weight * means[j], logs);
            rates[j] = BestRate(shapes[j], weight, weight * means[j]);
        }
        return new GammaComponents([.. Enumerable.Range(0, components).SelectMany(_ => shapes)], [.. Enumerable.Range(0, components).SelectMany(_ => rates)], columns);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(GammaComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * (2 * current.Columns + 1));
    }

    /// <inheritdoc/>
    public GammaComponents Maximize(DenseStatistics statistics, GammaComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        int columns = current.Columns;
        double[] shapes = new double[current.Count * columns], rates = new double[current.Count * columns];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, columns, k);
            for (int j = 0; j < columns; j++)
            {
                bool empty = !(own[0] > 0 && own[1 + 2 * j] > 0);
                double shape = empty ? current.Shapes(k)[j] : BestShape(own[0], own[1 + 2 * j], own[2 + 2 * j]);
                shapes[k * columns + j] = shape;
                // A prior of shape 1 would send the rate of an empty component to 0.
                rates[k * columns + j] = empty && !(_prior?.Shape > 1) ? current.Rates(k)[j] : BestRate(shape, own[0], own[1 + 2 * j]);
            }
        }
        return new GammaComponents(shapes, rates, columns);
    }

    /// <inheritdoc/>
    public GammaComponents Constrain(GammaComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new GammaComponents([.. Enumerable.Range(0, components.Count).SelectMany(k => components.Shapes(k).ToArray()).Select(shape => Math.Clamp(shape, SmallestShape, _largestShape))],
            [.. Enumerable.Range(0, components.Count).SelectMany(k => components.Rates(k).ToArray())], components.Columns);
    }

    /// <summary>argmax over b of n a ln b − b Σ x + log p(b).</summary>
    double BestRate(double shape, double count, double sum) => (count * shape + (_prior?.Shape - 1 ?? 0)) / (sum + (_prior?.Rate ?? 0));

    /// <summary>
    /// The root of n (ln b(a) − ψ(a)) + Σ ln x, which falls in a: bisected in ln a, with Newton steps where they stay inside. Where the slope does not change its sign
    /// within the bounds the bound is the best.
    /// </summary>
    double BestShape(double count, double sum, double logs)
    {
        double low = Math.Log(SmallestShape), high = Math.Log(_largestShape);
        double Slope(double shape) => Math.Log(BestRate(shape, count, sum)) - SpecialFunctions.Digamma(shape) + logs / count;
        if (!(Slope(_largestShape) < 0)) return _largestShape;
        if (!(Slope(SmallestShape) > 0)) return SmallestShape;
        double at = Math.Clamp(Math.Log(0.5 / Math.Max(Math.Log(sum / count) - logs / count, 1e-300)), low, high);
        for (int step = 0; step < 200 && high - low > 1e-15 * Math.Abs(high) + 1e-300; step++)
        {
            double shape = Math.Exp(at), slope = Slope(shape);
            if (slope > 0) low = at;
            else high = at;
            // d slope / d ln a = a (n / (n a + s − 1) − ψ'(a)).
            double derivative = shape * (count / (count * shape + (_prior?.Shape - 1 ?? 0)) - SpecialFunctions.Trigamma(shape));
            double newton = at - slope / derivative;
            if (Math.Abs(newton - at) <= 1e-15 * Math.Max(1, Math.Abs(at))) break;
            at = newton > low && newton < high ? newton : (low + high) / 2;
        }
        return Math.Exp(at);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, GammaComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; k < components.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, components.Columns, k);
            for (int j = 0; j < components.Columns; j++)
            {
                double shape = components.Shapes(k)[j], rate = components.Rates(k)[j];
                sum += own[0] * (shape * Math.Log(rate) - SpecialFunctions.LogGamma(shape)) + (shape - 1) * own[2 + 2 * j] - rate * own[1 + 2 * j];
            }
        }
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(GammaComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++)
                foreach (double rate in components.Rates(k)) sum += _prior.LogDensity(rate);
        return sum;
    }

    /// <inheritdoc/>
    public bool IsOnFloor(GammaComponents components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        foreach (double shape in components.Shapes(component))
            if (shape >= _largestShape) return true;
        return false;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(GammaComponents components) => new Kernel(components);

    /// <inheritdoc/>
    public void Sample(GammaComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        // A shape far below 1 makes draws that underflow to 0, where the family has no density.
        for (int j = 0; j < row.Length; j++) row[j] = Math.Max(random.NextGamma(components.Shapes(component)[j]) / components.Rates(component)[j], double.Epsilon);
    }

    static Span<double> Of(DenseStatistics statistics, int columns, int component) => statistics.Values.Slice(component * (2 * columns + 1), 2 * columns + 1);

    sealed class Kernel(GammaComponents components) : IComponentKernel<DenseStatistics>
    {
        readonly double[] _constants = [.. Enumerable.Range(0, components.Count).Select(k => Constant(components, k))];
        readonly double[] _logs = new double[components.Columns * RowBlock.Capacity];

        static double Constant(GammaComponents components, int component)
        {
            double sum = 0;
            for (int j = 0; j < components.Columns; j++)
                sum += components.Shapes(component)[j] * Math.Log(components.Rates(component)[j]) - SpecialFunctions.LogGamma(components.Shapes(component)[j]);
            return sum;
        }

        public void LogDensities(RowBlock block, Span<double> into)
        {
            LogsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                logs.Fill(_constants[k]);
                for (int j = 0; j < block.Columns; j++)
                {
                    ReadOnlySpan<double> values = block.Column(j), own = _logs.AsSpan(j * RowBlock.Capacity, block.Count);
                    double shape = components.Shapes(k)[j], rate = components.Rates(k)[j];
                    for (int i = 0; i < logs.Length; i++) logs[i] += (shape - 1) * own[i] - rate * values[i];
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            LogsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                Span<double> own = Of(into, components.Columns, k);
                own[0] += BlockMath.Sum(q);
                for (int j = 0; j < block.Columns; j++)
                {
                    own[1 + 2 * j] += BlockMath.Dot(q, block.Column(j));
                    own[2 + 2 * j] += BlockMath.Dot(q, _logs.AsSpan(j * RowBlock.Capacity, q.Length));
                }
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }

        void LogsOf(RowBlock block)
        {
            for (int j = 0; j < block.Columns; j++)
            {
                ReadOnlySpan<double> values = block.Column(j);
                for (int i = 0; i < values.Length; i++) _logs[j * RowBlock.Capacity + i] = Math.Log(values[i]);
            }
        }
    }
}
