using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>
/// Model-based agglomeration: from single rows, merges again and again the two clusters whose union costs least of the classification likelihood of Gaussians
/// with covariances of their own (Banfield and Raftery 1993). A cluster with n rows and scatter W costs n ln(|W/n| + (tr W + α)/n), α = tr W_all / (rows × columns),
/// where the trace stands in as long as the determinant is 0 (Fraley 1998).
/// </summary>
static class HierarchicalClustering
{
    /// <summary>The costs of all pairs are kept, so that larger tables are clustered on a sample; the other rows join where they cost least.</summary>
    const int MaximumRows = 1000;

    /// <summary>A cluster for every row, numbered by the first row of each.</summary>
    public static int[] Cluster(ObservationTable table, int clusters, Philox random)
    {
        double[] points = ScaledColumns.Of(table);
        int rows = table.RowCount, columns = points.Length / rows;
        int[] counted = [.. Enumerable.Range(0, rows).Where(row => table.Weights.IsEmpty || table.Weights[row] > 0)];
        if (counted.Length > MaximumRows)
        {
            random.Shuffle<int>(counted);
            counted = [.. counted[..MaximumRows].Order()];
        }
        double alpha = 0;
        foreach (double value in points) alpha += value * value;
        var agglomeration = new Agglomeration([.. counted.Select(row => Group.Of(points.AsSpan(row * columns, columns), WeightOf(table, row)))], Math.Max(alpha / points.Length, double.Epsilon));
        int[] found = agglomeration.Merge(Math.Min(clusters, counted.Length));

        var labels = new int[rows];
        Array.Fill(labels, -1);
        for (int i = 0; i < counted.Length; i++) labels[counted[i]] = found[i];
        for (int row = 0; row < rows; row++)
            if (labels[row] < 0) labels[row] = agglomeration.Cheapest(Group.Of(points.AsSpan(row * columns, columns), Math.Max(WeightOf(table, row), 1e-9)));
        return labels;
    }

    static double WeightOf(ObservationTable table, int row) => table.Weights.IsEmpty ? 1 : table.Weights[row];

    /// <summary>Rows that are together: their weight, mean and scatter (lower triangle).</summary>
    sealed class Group(double weight, double[] mean, double[] scatter)
    {
        public static Group Of(ReadOnlySpan<double> point, double weight) => new(weight, point.ToArray(), new double[point.Length * (point.Length + 1) / 2]);

        public Group With(Group other)
        {
            (double otherWeight, double[] otherMean, double[] otherScatter) = other.Parts;
            int columns = mean.Length;
            double total = weight + otherWeight, between = weight * otherWeight / total;
            var joinedMean = new double[columns];
            var joined = new double[scatter.Length];
            for (int i = 0, place = 0; i < columns; i++)
            {
                joinedMean[i] = (weight * mean[i] + otherWeight * otherMean[i]) / total;
                for (int j = 0; j <= i; j++, place++)
                    joined[place] = scatter[place] + otherScatter[place] + between * (mean[i] - otherMean[i]) * (mean[j] - otherMean[j]);
            }
            return new Group(total, joinedMean, joined);
        }

        (double Weight, double[] Mean, double[] Scatter) Parts => (weight, mean, scatter);

        public double Cost(double alpha)
        {
            double trace = 0;
            for (int i = 0; i < mean.Length; i++) trace += scatter[i * (i + 1) / 2 + i];
            return weight * Math.Log(Determinant() + (trace + alpha) / weight);
        }

        /// <summary>|W/n| by elimination, 0 where a pivot is lost in rounding.</summary>
        double Determinant()
        {
            int columns = mean.Length;
            Span<double> a = scatter.Length <= 512 ? stackalloc double[scatter.Length] : new double[scatter.Length];
            for (int place = 0; place < a.Length; place++) a[place] = scatter[place] / weight;
            double determinant = 1;
            for (int i = 0; i < columns; i++)
            {
                double pivot = a[i * (i + 1) / 2 + i];
                if (!(pivot > 1e-12 * scatter[i * (i + 1) / 2 + i] / weight)) return 0;
                determinant *= pivot;
                for (int r = i + 1; r < columns; r++)
                {
                    double factor = a[r * (r + 1) / 2 + i] / pivot;
                    for (int c = i + 1; c <= r; c++) a[r * (r + 1) / 2 + c] -= factor * a[c * (c + 1) / 2 + i];
                }
            }
            return determinant;
        }
    }

    sealed class Agglomeration
    {
        readonly Group?[] _groups;
        readonly double[] _costs;
        readonly double[] _increase;
        readonly int[] _nearest;
        readonly double _alpha;
        int[] _numbers = [];

        public Agglomeration(Group[] groups, double alpha)
        {
            _groups = groups;
            _alpha = alpha;
            _costs = [.. groups.Select(group => group.Cost(alpha))];
            _increase = new double[groups.Length * groups.Length];
            _nearest = new int[groups.Length];
            for (int i = 0; i < groups.Length; i++)
            {
                for (int j = 0; j < i; j++) Compare(i, j);
            }
            for (int i = 0; i < groups.Length; i++) FindNearest(i);
        }

        void Compare(int i, int j) => _increase[i * _groups.Length + j] = _increase[j * _groups.Length + i] = _groups[i]!.With(_groups[j]!).Cost(_alpha) - _costs[i] - _costs[j];

        /// <summary>The cheapest partner of a group among those with smaller numbers, so that every pair is seen once; −1 for none.</summary>
        void FindNearest(int i)
        {
            int best = -1;
            for (int j = 0; j < i; j++)
                if (_groups[j] is not null && (best < 0 || _increase[i * _groups.Length + j] < _increase[i * _groups.Length + best])) best = j;
            _nearest[i] = best;
        }

        /// <summary>Merges until so many groups are left; the number of each row's group.</summary>
        public int[] Merge(int left)
        {
            int count = _groups.Length;
            var parents = new int[count];
            for (int i = 0; i < count; i++) parents[i] = i;
            for (int groups = count; groups > left; groups--)
            {
                int from = -1;
                for (int i = 1; i < count; i++)
                    if (_groups[i] is not null && _nearest[i] >= 0 && (from < 0 || _increase[i * count + _nearest[i]] < _increase[from * count + _nearest[from]])) from = i;
                int into = _nearest[from];
                _groups[into] = _groups[into]!.With(_groups[from]!);
                _costs[into] = _groups[into]!.Cost(_alpha);
                _groups[from] = null;
                parents[from] = into;
                for (int other = 0; other < count; other++)
                    if (other != into && _groups[other] is not null) Compare(into, other);
                FindNearest(into);
                for (int other = into + 1; other < count; other++)
                {
                    if (_groups[other] is null) continue;
                    if (_nearest[other] == from || _nearest[other] == into) FindNearest(other);
                    else if (_increase[other * count + into] < _increase[other * count + _nearest[other]]) _nearest[other] = into;
                }
            }

            // A group goes by its first row, and merged into a group means into one with a smaller number.
            _numbers = new int[count];
            int next = 0;
            for (int i = 0; i < count; i++) _numbers[i] = parents[i] == i ? next++ : _numbers[parents[i]];
            return _numbers;
        }

        /// <summary>The group that a further row costs least to join.</summary>
        public int Cheapest(Group row)
        {
            int best = -1;
            double least = double.PositiveInfinity;
            for (int i = 0; i < _groups.Length; i++)
            {
                if (_groups[i] is not { } group) continue;
                double increase = group.With(row).Cost(_alpha) - _costs[i];
                if (increase < least) (best, least) = (i, increase);
            }
            return _numbers[best];
        }
    }
}
