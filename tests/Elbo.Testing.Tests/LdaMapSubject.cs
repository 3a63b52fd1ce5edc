using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Testing.Tests;

/// <summary>LDA with points for topics and proportions: with priors that add counts (guided topics among them), or without (pLSA).</summary>
sealed class LdaMapSubject(bool smoothed, DocumentStart start, KernelProfile? profile = null) : ModelSubject<DocumentBatch, LdaParameters, LdaStatistics>
{
    const int Topics = 3;

    static int Terms => LdaSubject.Documents.Vocabulary.Count;

    public override string Name => $"LDA by MAP, {(smoothed ? "smoothed" : "pLSA")}, {start}";

    public override IModel<LdaParameters, LdaStatistics> Model { get; } = new LdaModel();

    public override IEStep<DocumentBatch, LdaParameters, LdaStatistics> CreateEStep() => new LdaMapEStep(start, profile: profile);

    public override IObservations<DocumentBatch> Open() => new LdaSubject.OpenCorpus(start == DocumentStart.Cold ? null : new LdaLocalState(LdaSubject.Documents.DocumentCount, Topics));

    public override LdaParameters Relabel(LdaParameters parameters, Philox random)
    {
        double[] termTopic = new double[Terms * Topics], alpha = new double[Topics];
        for (int topic = 0; topic < Topics; topic++)
        {
            alpha[topic] = parameters.Alpha[(topic + 1) % Topics];
            for (int term = 0; term < Terms; term++) termTopic[term * Topics + topic] = parameters.TermTopic[term * Topics + (topic + 1) % Topics];
        }
        TopicPrior prior = parameters.Prior!;
        return LdaParameters.MaximumAPosteriori(termTopic, alpha,
            new TopicPrior(prior.Concentration, prior.Seeds.Select(seed => seed with { Topic = (seed.Topic + Topics - 1) % Topics })));
    }

    public override LdaParameters CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        var termTopic = new double[Terms * Topics];
        for (int i = 0; i < termTopic.Length; i++) termTopic[i] = 0.1 + random.NextGamma(2);
        double[] sums = [.. Enumerable.Range(0, Topics).Select(topic => Enumerable.Range(0, Terms).Sum(term => termTopic[term * Topics + topic]))];
        for (int i = 0; i < termTopic.Length; i++) termTopic[i] /= sums[i % Topics];
        double[] alpha = [.. Enumerable.Range(0, Topics).Select(_ => smoothed ? 1.05 + random.NextDouble() : 1)];
        return LdaParameters.MaximumAPosteriori(termTopic, alpha, smoothed ? new TopicPrior(1.05 + 0.2 * random.NextDouble(), [new(2, 1, 3), new(0, 7, 1.5)]) : new TopicPrior(1));
    }

    public override IEnumerable<Reduction<LdaParameters>> Reductions(ulong seed)
    {
        // Topics that are all the same leave ϑ at the mode of its prior, where every topic counts alike: one distribution of words.
        LdaParameters own = CreateStart(seed);
        double[] words = [.. Enumerable.Range(0, Terms).Select(term => own.TermTopic[term * Topics])];
        double concentration = own.Alpha[0], sum = 0;
        for (int document = 0; document < LdaSubject.Documents.DocumentCount; document++)
        {
            sum += SpecialFunctions.LogGamma(Topics * concentration) - Topics * SpecialFunctions.LogGamma(concentration) + Topics * (concentration - 1) * Math.Log(1.0 / Topics);
            ReadOnlySpan<int> terms = LdaSubject.Documents.Terms(document), counts = LdaSubject.Documents.Counts(document);
            for (int n = 0; n < terms.Length; n++) sum += counts[n] * Math.Log(words[terms[n]]);
        }
        yield return new("one topic", LdaParameters.MaximumAPosteriori([.. words.SelectMany(word => Enumerable.Repeat(word, Topics))], [.. Enumerable.Repeat(concentration, Topics)], own.Prior!), sum);
    }
}
