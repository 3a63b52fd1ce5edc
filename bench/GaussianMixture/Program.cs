// CPU and elapsed time of one EM iteration (E-step, M-step, bounds and certificate) of a mixture of full Gaussians in double precision.
// GaussianMixture FOLDER ITERATIONS THREADS; the folder holds X.f64 (rows), M0.f64 (starting means), C0.f64 (the starting covariance of all), raw doubles, row after row.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

double[] Read(string name) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(args[0], name))).ToArray();
int iterations = int.Parse(args[1], CultureInfo.InvariantCulture), threads = int.Parse(args[2], CultureInfo.InvariantCulture);
double[] means = Read("M0.f64"), covariance = Read("C0.f64");
int columns = (int)Math.Sqrt(covariance.Length), components = means.Length / columns;
var table = new ObservationTable(Read("X.f64"), columns);
double[] weights = [.. Enumerable.Repeat(1.0 / components, components)], covariances = [.. Enumerable.Repeat(covariance, components).SelectMany(values => values)];

var family = new Gaussian(CovarianceStructure.Full, VarianceFloor.FromTable(table));
var model = new MixtureModel<GaussianComponents, GaussianStatistics>(family);
var executor = new LocalExecutor<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>(
    new RowShards(table), model, new MixtureEStep<GaussianComponents, GaussianStatistics>(family), threads);
var start = new MixtureParameters<GaussianComponents>(weights, new GaussianComponents(CovarianceStructure.Full, means, covariances, columns));
var cpu = new List<double>();
var elapsed = new List<double>();
double objective = 0, before = Cpu();
long began = Stopwatch.GetTimestamp(), allocated = 0, allocatedBefore = GC.GetTotalAllocatedBytes();
await foreach (Iterate<MixtureParameters<GaussianComponents>> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start), new EmOptions { Stop = StoppingRule.Never, MaximumIterations = iterations }))
{
    double now = Cpu();
    long ended = Stopwatch.GetTimestamp(), allocatedNow = GC.GetTotalAllocatedBytes();
    cpu.Add(now - before);
    elapsed.Add(Stopwatch.GetElapsedTime(began, ended).TotalSeconds);
    allocated = allocatedNow - allocatedBefore;
    (before, began, allocatedBefore) = (now, ended, allocatedNow);
    objective = iterate.Iteration.Objective;
}
// The first iterations run before the compiler has settled.
double[] settled = [.. cpu.Skip(cpu.Count / 2).Order()], settledElapsed = [.. elapsed.Skip(elapsed.Count / 2).Order()];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"elbo threads={threads} profile={KernelProfiles.Name(KernelProfiles.Current)} median={settled[settled.Length / 2]:F4} best={settled[0]:F4} s CPU, elapsed={settledElapsed[settledElapsed.Length / 2]:F4} best_elapsed={settledElapsed[0]:F4} s an iteration, allocated={allocated} bytes, mean log-likelihood {objective / table.RowCount:F14} after {iterations}"));

static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
