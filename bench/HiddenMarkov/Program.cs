// CPU time of one EM iteration (E-step, M-step, bounds and certificate) of a hidden Markov model with full Gaussian states in double precision.
// HiddenMarkov FOLDER ITERATIONS THREADS; the folder holds Y.npy (one sequence of rows) and Ym0.npy (starting means).
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

int iterations = int.Parse(args[1], CultureInfo.InvariantCulture), threads = int.Parse(args[2], CultureInfo.InvariantCulture);
double[] values = Read("Y.npy", out int columns), means = Read("Ym0.npy", out _);
int states = means.Length / columns, rows = values.Length / columns;
var table = new ObservationTable(values, columns);
var covariances = new double[states * columns * columns];
for (int j = 0; j < columns; j++)
{
    double mean = 0, variance = 0;
    for (int i = 0; i < rows; i++) mean += values[i * columns + j] / rows;
    for (int i = 0; i < rows; i++) variance += (values[i * columns + j] - mean) * (values[i * columns + j] - mean) / rows;
    for (int k = 0; k < states; k++) covariances[(k * columns + j) * columns + j] = variance;
}

var family = new Gaussian(CovarianceStructure.Full, VarianceFloor.FromTable(table));
var model = new HiddenMarkovModel<GaussianComponents, GaussianStatistics>(family);
var executor = new LocalExecutor<ObservationBatch, HiddenMarkovParameters<GaussianComponents>, HiddenMarkovStatistics<GaussianStatistics>>(
    new SequenceShards(table), model, new HiddenMarkovEStep<GaussianComponents, GaussianStatistics>(family), threads);
var start = new HiddenMarkovParameters<GaussianComponents>([.. Enumerable.Repeat(1.0 / states, states)], TransitionStarts.Persistent(states),
    new GaussianComponents(CovarianceStructure.Full, means, covariances, columns));
var times = new List<double>();
double objective = 0, before = Cpu();
long allocated = GC.GetTotalAllocatedBytes(), least = long.MaxValue;
await foreach (Iterate<HiddenMarkovParameters<GaussianComponents>> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start),
    new EmOptions { Stop = StoppingRule.Never, MaximumIterations = iterations }))
{
    double now = Cpu();
    times.Add(now - before);
    objective = iterate.Iteration.Objective;
    if (iterate.Iteration.Number is 24 or 25 or 26) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"log-likelihood of the parameters after {iterate.Iteration.Number} M-steps: {objective:F7}"));
    least = Math.Min(least, GC.GetTotalAllocatedBytes() - allocated);
    allocated = GC.GetTotalAllocatedBytes();
    before = Cpu();
}
// The first iterations run before the compiler has settled.
double[] settled = [.. times.Skip(times.Count / 2).Order()];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"elbo K={states} T={rows} threads={threads} profile={KernelProfiles.Name(KernelProfiles.Current)} first={times[0]:F4} median={settled[settled.Length / 2]:F4} best={settled[0]:F4} s CPU an iteration, {least} bytes allocated"));

double[] Read(string name, out int width)
{
    byte[] file = File.ReadAllBytes(Path.Combine(args[0], name));
    int header = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
    string shape = System.Text.Encoding.ASCII.GetString(file, 10, header - 10);
    if (!shape.Contains("'<f8'", StringComparison.Ordinal) || shape.Contains("True", StringComparison.Ordinal)) throw new InvalidDataException($"{name} is not a matrix of doubles, row after row.");
    string[] lengths = shape[(shape.IndexOf('(', StringComparison.Ordinal) + 1)..shape.IndexOf(')', StringComparison.Ordinal)].Split(',');
    width = int.Parse(lengths[1], CultureInfo.InvariantCulture);
    return MemoryMarshal.Cast<byte, double>(file.AsSpan(header)).ToArray();
}

static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
