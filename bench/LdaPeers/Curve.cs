namespace LdaPeers;

/// <summary>All runs of one program with one budget.</summary>
sealed record Point(IReadOnlyList<Run> Runs)
{
    public int Passes => Runs[0].Passes;

    public double Cpu => Median(run => run.Cpu);

    public double Score => Median(run => run.Score);

    public double Median(Func<Run, double> value)
    {
        double[] sorted = [.. Runs.Select(value).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>CPU seconds to a score: exact to interpolation, or at most these, where the smallest budget was above the score already.</summary>
readonly record struct Reach(double Seconds, bool AtMost);

/// <summary>What one program reached with which budget, by the medians over the rounds.</summary>
sealed class Curve
{
    public Curve(Entrant entrant, IEnumerable<Run> runs)
    {
        Entrant = entrant;
        Points = [.. runs.GroupBy(run => run.Passes).OrderBy(group => group.Key).Select(group => new Point([.. group]))];
    }

    public Entrant Entrant { get; }

    public IReadOnlyList<Point> Points { get; }

    public double Best => Points.Max(point => point.Score);

    /// <summary>CPU seconds a pass, by the difference between the largest and the smallest budget, which leaves out what a process needs to start.</summary>
    public double SecondsPerPass => (Points[^1].Cpu - Points[0].Cpu) / (Points[^1].Passes - Points[0].Passes);

    /// <summary>When the curve first came to a score, straight between two points over the logarithm of the seconds; null where it never did.</summary>
    public Reach? Reaching(double score)
    {
        if (Points[0].Score >= score) return new Reach(Points[0].Cpu, AtMost: true);
        for (int i = 1; i < Points.Count; i++)
        {
            if (Points[i].Score < score) continue;
            Point before = Points[i - 1], after = Points[i];
            double share = (score - before.Score) / (after.Score - before.Score);
            return new Reach(before.Cpu * Math.Pow(after.Cpu / before.Cpu, share), AtMost: false);
        }
        return null;
    }
}
