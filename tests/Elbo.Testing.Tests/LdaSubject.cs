using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Testing.Tests;

/// <summary>LDA as its author describes it to the kit: topics that are points or have a prior, α estimated, documents started cold, warm or guarded.</summary>
sealed class LdaSubject(bool smoothed, DocumentStart start, KernelProfile? profile = null) : ModelSubject<DocumentBatch, LdaParameters, LdaStatistics>
{
    const int Topics = 3, Terms = 12, DocumentCount = 25;

    /// <summary>Documents of no token, of one, of many, and from three overlapping themes.</summary>
    public static Corpus Documents { get; } = Draw();

    public override string Name => $"LDA, {(smoothed ? "smoothed" : "points")}, {start}";

    public override IModel<LdaParameters, LdaStatistics> Model { get; } = new LdaModel(ConcentrationUpdate.Asymmetric, updateEta: smoothed);

    public override IEStep<DocumentBatch, LdaParameters, LdaStatistics> CreateEStep() => new LdaEStep(start, profile: profile);

    public override IObservations<DocumentBatch> Open() => new OpenCorpus(start == DocumentStart.Cold ? null : new LdaLocalState(DocumentCount, Topics));

    // λ and η take turns.
    public override int MaximizationsToOptimum => smoothed ? 500 : 1;

    public override LdaParameters Relabel(LdaParameters parameters, Philox random)
    {
        double[] termTopic = new double[Terms * Topics], alpha = new double[Topics];
        for (int topic = 0; topic < Topics; topic++)
        {
            alpha[topic] = parameters.Alpha[(topic + 1) % Topics];
            for (int term = 0; term < Terms; term++) termTopic[term * Topics + topic] = parameters.TermTopic[term * Topics + (topic + 1) % Topics];
        }
        return new LdaParameters(termTopic, alpha, parameters.Prior);
    }

    public override LdaParameters CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        var termTopic = new double[Terms * Topics];
        for (int i = 0; i < termTopic.Length; i++) termTopic[i] = 0.1 + random.NextGamma(2);
        double[] alpha = [.. Enumerable.Range(0, Topics).Select(_ => 0.05 + random.NextDouble())];
        if (smoothed) return new LdaParameters(termTopic, alpha, new TopicPrior(0.05 + 0.2 * random.NextDouble()));
        double[] sums = [.. Enumerable.Range(0, Topics).Select(topic => Enumerable.Range(0, Terms).Sum(term => termTopic[term * Topics + topic]))];
        for (int i = 0; i < termTopic.Length; i++) termTopic[i] /= sums[i % Topics];
        return new LdaParameters(termTopic, alpha, null);
    }

    static Corpus Draw()
    {
        Philox random = Philox.ForStream(7, 0);
        var builder = new CorpusBuilder(Vocabulary.Numbered(Terms));
        for (int document = 0; document < DocumentCount; document++)
        {
            int length = document switch { 3 => 0, 4 => 1, 5 => 1000, _ => 5 + random.NextInt32(40) };
            var counts = new int[Terms];
            for (int n = 0; n < length; n++) counts[(document % 3 * 4 + random.NextInt32(random.NextInt32(5) == 0 ? Terms : 5)) % Terms]++;
            builder.Add(Enumerable.Range(0, Terms).Where(term => counts[term] > 0).Select(term => (term, counts[term])));
        }
        return builder.Build();
    }

    public sealed class OpenCorpus(LdaLocalState? state) : IObservations<DocumentBatch>
    {
        public int Count => DocumentCount;

        public DocumentBatch Read(int first, int count, ReadOnlyMemory<double> weights) =>
            new(Documents, first, count) { Weights = weights.Span, Gamma = state is null ? default : state.Gamma(first, count) };
    }
}
