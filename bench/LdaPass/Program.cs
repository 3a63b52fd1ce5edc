// CPU time of one pass (E-step, M-step, bounds and certificate) of mean-field LDA in double precision, cold documents, one thread.
// LdaPass DOCUMENTS.ldac VOCABULARY.txt TOPICS PASSES
using System.Diagnostics;
using System.Globalization;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

Corpus corpus = LdaCFormat.Read(args[0], args[1]);
int topics = int.Parse(args[2], CultureInfo.InvariantCulture), passes = int.Parse(args[3], CultureInfo.InvariantCulture);
var random = new Philox(1);
var lambda = new double[corpus.Vocabulary.Count * topics];
for (int i = 0; i < lambda.Length; i++) lambda[i] = random.NextGamma(100) / 100;
var alpha = new double[topics];
Array.Fill(alpha, 0.1);

var model = new LdaModel();
var eStep = new LdaEStep(DocumentStart.Cold, new DocumentOptions { Tolerance = 1e-3, MaximumUpdates = 100 });
var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(new DocumentShards(corpus), model, eStep);
var start = new EmState<LdaParameters>(0, new LdaParameters(lambda, alpha, new TopicPrior(0.01)));
var times = new List<double>();
double before = Cpu();
await foreach (Iterate<LdaParameters> _ in ExpectationMaximization.RunAsync(model, executor, start, new EmOptions { Stop = StoppingRule.Never, MaximumIterations = passes }))
{
    double now = Cpu();
    times.Add(now - before);
    before = now;
}
// The first passes do more updates and run before the compiler has settled.
double[] settled = [.. times.Skip(times.Count / 2).Order()];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"elbo K={topics} profile={KernelProfiles.Name(KernelProfiles.Current)} first={times[0]:F4} median={settled[settled.Length / 2]:F4} best={settled[0]:F4} s CPU a pass"));

static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
