// Topics by ML.NET's LatentDirichletAllocation (LightLDA): a peer of bench/lda-peers.
// MlNetLda SPLIT VOCABULARY TOPICS PASSES SEED OUTPUT
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Elbo.Corpora;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

int topics = int.Parse(args[2], CultureInfo.InvariantCulture), passes = int.Parse(args[3], CultureInfo.InvariantCulture), seed = int.Parse(args[4], CultureInfo.InvariantCulture);
Corpus corpus = LdaCFormat.Read(Path.Combine(args[0], "train.dat"), args[1]);
int terms = corpus.Vocabulary.Count, longest = 0;
var documents = new Document[corpus.DocumentCount];
for (int i = 0; i < documents.Length; i++)
{
    (int Term, int Count)[] pairs = [.. corpus.Terms(i).ToArray().Zip(corpus.Counts(i).ToArray()).Order()];
    documents[i] = new Document { Counts = new VBuffer<float>(terms, pairs.Length, [.. pairs.Select(pair => (float)pair.Count)], [.. pairs.Select(pair => pair.Term)]) };
    longest = Math.Max(longest, pairs.Sum(pair => pair.Count));
}
var schema = SchemaDefinition.Create(typeof(Document));
schema[nameof(Document.Counts)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, terms);

double began = Cpu();
var context = new MLContext(seed);
IDataView view = context.Data.LoadFromEnumerable(documents, schema);
// By default it would cut documents at 512 tokens, and go through all of them every 5 passes for a likelihood that nobody reads.
LatentDirichletAllocationTransformer lda = context.Transforms.Text.LatentDirichletAllocation("Topics", nameof(Document.Counts), topics, alphaSum: 0.1f * topics, beta: 0.01f,
    maximumNumberOfIterations: passes, likelihoodInterval: int.MaxValue, numberOfThreads: 1, maximumTokenCountPerDocument: longest + 1, numberOfSummaryTermsPerTopic: terms).Fit(view);
double fit = Cpu() - began;

// Its summary has (count + β) / (Σ counts + V β) of the terms that a topic has; the others share what is missing to 1.
var topicTerm = new double[topics * terms];
for (int topic = 0; topic < topics; topic++)
{
    Span<double> row = topicTerm.AsSpan(topic * terms, terms);
    double sum = 0;
    IReadOnlyList<LatentDirichletAllocationTransformer.ModelParameters.ItemScore> scores = lda.GetLdaDetails(0).ItemScoresPerTopic[topic];
    foreach (LatentDirichletAllocationTransformer.ModelParameters.ItemScore item in scores) sum += item.Score;
    row.Fill(Math.Max(0, 1 - sum) / Math.Max(1, terms - scores.Count));
    foreach (LatentDirichletAllocationTransformer.ModelParameters.ItemScore item in scores) row[item.Item] = item.Score;
}
File.WriteAllBytes(args[5], MemoryMarshal.AsBytes<double>(topicTerm));
string version = typeof(LatentDirichletAllocationEstimator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fit_cpu={fit:F4} version={version}"));

static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

sealed class Document
{
    public VBuffer<float> Counts { get; set; }
}
