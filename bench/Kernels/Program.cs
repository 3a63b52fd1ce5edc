// The inner loops of LDA, one at a time, on one thread. Arguments are BenchmarkDotNet's, such as --filter "*Rows*".
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Elbo.Numerics;
using Kernels;
using Perfolizer.Horology;

// In this process: there is nothing to build, and kernels that call no others need no process of their own. The engine's own overhead, a nanosecond a
// call, is not worth the time that measuring it takes.
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithStrategy(RunStrategy.Throughput)
    .WithEvaluateOverhead(false)
    .WithIterationTime(TimeInterval.FromMilliseconds(100))
    .WithWarmupCount(5)
    .WithIterationCount(15);
string artifacts = Path.Combine(Path.GetTempPath(), "elbo-kernels");
ManualConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddValidator(JitOptimizationsValidator.FailOnError)
    .AddEventProcessor(new Progress())
    // Its log goes to a file. With no logger at all it would complain.
    .AddLogger(new StreamLogger(StreamWriter.Null))
    .WithArtifactsPath(artifacts);
string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
Summary[] summaries = BenchmarkRunner.Run(
    [typeof(PeakBenchmarks), typeof(RowBenchmarks), typeof(ColumnBenchmarks), typeof(DocumentBenchmarks), typeof(PostingBenchmarks), typeof(CollapsedBenchmarks), typeof(FunctionBenchmarks)],
    config, args);

foreach (ValidationError error in summaries.SelectMany(summary => summary.ValidationErrors).Where(error => error.IsCritical)) Console.Error.WriteLine(error.Message);
BenchmarkReport[] reports = [.. summaries.SelectMany(summary => summary.Reports)], good = [.. reports.Where(report => report.ResultStatistics is not null)];
foreach (string line in HostEnvironmentInfo.GetCurrent().ToFormattedString()) Console.WriteLine(line);
Console.WriteLine($".NET {Environment.Version}, kernel profile {KernelProfiles.Name(KernelProfiles.Current)}, load average before {load}; a document has {SampleDocument.Terms} distinct terms.");
Console.WriteLine();
Console.Write(KernelTable.Of(good));
if (good.Length == reports.Length && good.Length > 0) return 0;
Console.Error.WriteLine($"{reports.Length - good.Length} of {reports.Length} benchmarks failed: see the logs in {artifacts}.");
return 1;

/// <summary>A line for each benchmark that is done; the engine's own log is hundreds.</summary>
sealed class Progress : EventProcessor
{
    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report) =>
        Console.Error.WriteLine($"{benchmarkCase.Descriptor.WorkloadMethod.Name} {benchmarkCase.Parameters.DisplayInfo}");
}
