using System.Globalization;
using System.Reflection;
using System.Text;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;

namespace Kernels;

/// <summary>The results as a table in Markdown.</summary>
static class KernelTable
{
    /// <param name="reports">Those that succeeded.</param>
    public static string Of(IEnumerable<BenchmarkReport> reports)
    {
        Row[] rows = [.. reports.Select(report => new Row(report))];
        double? peak = rows.FirstOrDefault(row => row.IsPeak)?.Rate;
        var text = new StringBuilder();
        text.AppendLine("| kernel | topics | ns per pair·topic, or number | spread | GFLOP/s | share of the FMA peak | bytes allocated |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (Row row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Topics} | {row.Time:F4} | {100 * row.Spread:F0} % | {row.Rate:F1} | {(peak is { } most ? FormattableString.Invariant($"{100 * row.Rate / most:F0} %") : "")} | {row.Bytes} |");
        }
        return text.ToString();
    }

    sealed class Row
    {
        public Row(BenchmarkReport report)
        {
            MethodInfo method = report.BenchmarkCase.Descriptor.WorkloadMethod;
            Statistics times = report.ResultStatistics!;
            Name = method.Name;
            IsPeak = method.DeclaringType == typeof(PeakBenchmarks);
            Topics = report.BenchmarkCase.Parameters.Items is [{ Value: int topics }] ? topics : null;
            Time = times.Median / (Topics ?? 1);
            Spread = times.InterquartileRange / times.Median;
            // A flop a nanosecond is a GFLOP/s.
            Rate = method.GetCustomAttribute<FlopsAttribute>()!.Count / Time;
            Bytes = report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: true);
        }

        public string Name { get; }

        public bool IsPeak { get; }

        public int? Topics { get; }

        /// <summary>The median.</summary>
        public double Time { get; }

        /// <summary>The distance of the quartiles, as a share of the median: what else the machine did.</summary>
        public double Spread { get; }

        public double Rate { get; }

        /// <summary>By all calls together.</summary>
        public long? Bytes { get; }
    }
}
