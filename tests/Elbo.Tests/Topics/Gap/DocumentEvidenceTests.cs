using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Tests.Topics.Gap;

/// <summary>Estimates of log p(w|α,β) against the sum over all assignments z.</summary>
public sealed class DocumentEvidenceTests
{
    const int Documents = 1000, Samples = 64;

    // Few, so that weights differ.
    const int Steps = 20;

    sealed record TinyDocument(int[] Tokens, double[] Alpha, double[] Beta)
    {
        public int[] Terms { get; } = [.. Tokens.Distinct().Order()];

        public int[] Counts => [.. Terms.Select(term => Tokens.Count(token => token == term))];

        public DocumentEvidence At() => DocumentEvidence.At(new LdaParameters(Beta, Alpha, null));

        // α from 0.05 to 3, another for each topic; of every five probabilities one is 0, where the document stays possible.
        public static TinyDocument Draw(ulong number)
        {
            var random = Philox.ForStream(17, number);
            int topics = 2 + random.NextInt32(3), terms = 2 + random.NextInt32(3);
            double[] alpha = [.. Enumerable.Range(0, topics).Select(_ => 0.05 + 2.95 * random.NextDouble() * random.NextDouble())];
            double[] weights = [.. Enumerable.Range(0, terms * topics).Select(i => i % topics != i / topics % topics && random.NextDouble() < 0.2 ? 0 : 0.01 + random.NextDouble())];
            // Each topic has a term, as has each term a topic.
            for (int topic = 0; topic < topics; topic++)
                if (topic >= terms) weights[random.NextInt32(terms) * topics + topic] = 0.5;
            int[] tokens = [.. Enumerable.Range(0, 2 + random.NextInt32(5)).Select(_ => random.NextInt32(terms))];
            return new TinyDocument(tokens, alpha, LdaBruteForceTests.NormalizeTopics(weights, topics));
        }
    }

    [Theory]
    [InlineData(EvidenceEstimators.Annealing)]
    [InlineData(EvidenceEstimators.LeftToRight)]
    public void The_mean_weight_is_the_evidence_and_the_standard_error_is_true(EvidenceEstimators estimator)
    {
        var ratios = new double[Documents];
        int inside = 0, exact = 0;
        for (int i = 0; i < Documents; i++)
        {
            var document = TinyDocument.Draw((ulong)i);
            double truth = LdaBruteForceTests.LogEvidence(document.Tokens, document.Alpha, document.Beta);
            var random = Philox.ForStream(18, (ulong)i);
            EvidenceEstimate found = estimator == EvidenceEstimators.Annealing
                ? document.At().Anneal(document.Terms, document.Counts, Samples, Steps, random, TestContext.Current.CancellationToken)
                : document.At().LeftToRight(document.Terms, document.Counts, Samples, random, TestContext.Current.CancellationToken);
            ratios[i] = Math.Exp(found.LogEvidence - truth);
            double error = Math.Abs(found.LogEvidence - truth);
            if (error <= 3 * found.StandardError + 1e-12) inside++;
            if (found.StandardError < 1e-12) exact++;
        }
        double mean = ratios.Average(), standardError = Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (Documents - 1) / Documents);
        Assert.True(Math.Abs(mean - 1) <= 4 * standardError, $"The mean of p̂/p is {mean:R} ± {standardError:R}.");
        Assert.True(inside >= 0.97 * Documents, $"{inside} of {Documents} are within 3 standard errors.");
        // Zeros in β leave some documents but one z. Most are not so easy.
        Assert.InRange(exact, 1, Documents / 4);
        Assert.InRange(standardError, 1e-5, 0.02);
    }

    [Fact]
    public void The_bound_lies_below_the_evidence_and_is_the_mean_fields_fixed_point()
    {
        for (ulong i = 0; i < 200; i++)
        {
            var document = TinyDocument.Draw(i);
            double bound = document.At().Bound(document.Terms, document.Counts);
            Assert.True(bound <= LdaBruteForceTests.LogEvidence(document.Tokens, document.Alpha, document.Beta) + 1e-10);
            Corpus corpus = LdaCases.Build(document.Beta.Length / document.Alpha.Length, [.. document.Terms.Zip(document.Counts)]);
            LocalBound expected = new LdaEStep(options: new DocumentOptions { Tolerance = 1e-10, MaximumUpdates = 20_000 }).Prepare(new LdaParameters(document.Beta, document.Alpha, null))
                .Accumulate(new DocumentBatch(corpus, 0, 1), new LdaStatistics(corpus.Vocabulary.Count, document.Alpha.Length));
            Assert.Equal(expected.ExpectedLogJoint + expected.Entropy, bound, 1e-12 * (1 + Math.Abs(bound)));
        }
    }

    [Fact]
    public void Annealing_tells_the_evidence_of_longer_documents_too()
    {
        // Three topics: p(z|α) depends on how many tokens each has, so the sum over z is one over these numbers.
        const int terms = 40, tokens = 90, documents = 40;
        double[] alpha = [0.05, 0.1, 0.4];
        double squares = 0;
        for (int i = 0; i < documents; i++)
        {
            var random = Philox.ForStream(19, (ulong)i);
            var topics = new double[3][];
            for (int topic = 0; topic < 3; topic++) random.NextDirichlet([.. Enumerable.Repeat(0.3, terms)], topics[topic] = new double[terms]);
            double[] beta = [.. Enumerable.Range(0, terms * 3).Select(place => topics[place % 3][place / 3])], mixed = [.. Enumerable.Range(0, terms).Select(term => (topics[0][term] + topics[i % 3][term]) / 2)];
            int[] words = [.. Enumerable.Range(0, tokens).Select(_ => random.NextCategorical(mixed))];
            var document = new TinyDocument(words, alpha, beta);
            EvidenceEstimate found = document.At().Anneal(document.Terms, document.Counts, 32, 100, random, TestContext.Current.CancellationToken);
            double error = (found.LogEvidence - LogEvidenceOfThree(document)) / found.StandardError;
            Assert.InRange(found.StandardError, 1e-4, 1);
            Assert.True(Math.Abs(error) <= 5, $"Document {i} is {error:R} standard errors away.");
            squares += error * error;
        }
        // The mean of squares of standard normal errors is 1, to √(2/40) = 0.22.
        Assert.InRange(squares / documents, 0.3, 2);
    }

    // Coefficients of ∏_n (β_1n x + β_2n y + β_3n), each with the p(z|α) of its numbers of tokens.
    static double LogEvidenceOfThree(TinyDocument document)
    {
        int length = document.Tokens.Length;
        double scale = 0;
        var sums = new double[length + 1, length + 1];
        sums[0, 0] = 1;
        for (int n = 0; n < length; n++)
        {
            ReadOnlySpan<double> beta = document.Beta.AsSpan(document.Tokens[n] * 3, 3);
            double largest = Math.Max(beta[0], Math.Max(beta[1], beta[2]));
            scale += Math.Log(largest);
            for (int first = n + 1; first >= 0; first--)
                for (int second = n + 1 - first; second >= 0; second--)
                    sums[first, second] = (beta[2] * sums[first, second] + (first > 0 ? beta[0] * sums[first - 1, second] : 0) + (second > 0 ? beta[1] * sums[first, second - 1] : 0)) / largest;
        }
        double[] alpha = document.Alpha;
        var logs = new List<double>();
        for (int first = 0; first <= length; first++)
            for (int second = 0; second <= length - first; second++)
                logs.Add(Math.Log(sums[first, second]) + Urn(alpha[0], first) + Urn(alpha[1], second) + Urn(alpha[2], length - first - second));
        return scale - Urn(alpha.Sum(), length) + SpecialFunctions.LogSumExp([.. logs]);

        static double Urn(double concentration, int count) => SpecialFunctions.LogGamma(concentration + count) - SpecialFunctions.LogGamma(concentration);
    }

    [Fact]
    public void One_topic_is_exact()
    {
        var evidence = DocumentEvidence.At(new LdaParameters([0.25, 0.7, 0.05], [0.3], null));
        int[] terms = [0, 1, 2], counts = [3, 400, 7];
        double expected = 3 * Math.Log(0.25) + 400 * Math.Log(0.7) + 7 * Math.Log(0.05), tolerance = 1e-12 * Math.Abs(expected);
        foreach (EvidenceEstimate found in (EvidenceEstimate[])[evidence.Anneal(terms, counts, 8, 10, new Philox(1), TestContext.Current.CancellationToken), evidence.LeftToRight(terms, counts, 8, new Philox(1), TestContext.Current.CancellationToken)])
        {
            Assert.Equal(expected, found.LogEvidence, tolerance);
            Assert.Equal(0, found.StandardError, 1e-12);
            Assert.Equal(8, found.EffectiveSampleSize, 1e-9);
        }
        Assert.Equal(expected, evidence.Bound(terms, counts), tolerance);
    }

    [Fact]
    public void Topics_that_share_no_term_have_a_closed_form()
    {
        // z is known: log p is the Dirichlet-multinomial's probability of the counts, and the posterior of ϑ is in the mean field's family.
        double[] alpha = [0.2, 1.5, 1e-5], beta = [1, 0, 0, 0, 0.25, 0, 0, 0.75, 0, 0, 0, 1];
        int[] terms = [0, 1, 2], counts = [30, 20, 1];
        double sum = alpha.Sum(), expected = SpecialFunctions.LogGamma(sum) - SpecialFunctions.LogGamma(sum + 51) + 20 * Math.Log(0.25) + Math.Log(0.75)
            + SpecialFunctions.LogGamma(alpha[0] + 30) - SpecialFunctions.LogGamma(alpha[0]) + SpecialFunctions.LogGamma(alpha[1] + 21) - SpecialFunctions.LogGamma(alpha[1]);
        var evidence = DocumentEvidence.At(new LdaParameters(beta, alpha, null));
        Assert.Equal(expected, evidence.Bound(terms, counts), 1e-10);
        Assert.Equal(expected, evidence.Anneal(terms, counts, 4, 7, new Philox(2), TestContext.Current.CancellationToken).LogEvidence, 1e-10);
        Assert.Equal(expected, evidence.LeftToRight(terms, counts, 4, new Philox(2), TestContext.Current.CancellationToken).LogEvidence, 1e-10);
    }

    [Fact]
    public void Improbable_terms_do_not_underflow()
    {
        // Products of α and β are below the smallest double in every topic.
        double[] beta = [1, 1, 3e-320, 1e-320];
        EvidenceEstimate found = DocumentEvidence.At(new LdaParameters(beta, [1e-8, 1e-9], null)).LeftToRight([1], [1], 2, new Philox(3), TestContext.Current.CancellationToken);
        Assert.Equal(Math.Log(31.0 / 11) + Math.Log(1e-320), found.LogEvidence, 1e-3);
        found = DocumentEvidence.At(new LdaParameters(beta, [0.1, 0.1], null)).Anneal([1], [1], 64, 100, new Philox(3), TestContext.Current.CancellationToken);
        Assert.Equal(Math.Log(2) + Math.Log(1e-320), found.LogEvidence, 4 * found.StandardError + 1e-3);
    }

    [Fact]
    public void An_estimate_is_computed_by_hand()
    {
        var estimate = EvidenceEstimate.Of([-2000 + Math.Log(1), -2000 + Math.Log(3)]);
        Assert.Equal(-2000 + Math.Log(2), estimate.LogEvidence, 1e-12);
        // Weights 1 and 3: a mean of 2, a standard deviation of √2.
        Assert.Equal(0.5, estimate.StandardError, 1e-12);
        Assert.Equal(-0.125, estimate.Bias, 1e-12);
        Assert.Equal(1.6, estimate.EffectiveSampleSize, 1e-12);
        Assert.Equal((0, 0), (EvidenceEstimate.Of([-5, -5, -5]).StandardError, EvidenceEstimate.Of([-5, -5, -5]).Bias));
        Assert.Equal(1, EvidenceEstimate.Of([0, -1e5]).EffectiveSampleSize);
    }

    [Fact]
    public void Once_warm_nothing_is_allocated()
    {
        Corpus corpus = SmallCorpora.Random(seed: 3, documents: 4, terms: 30, tokens: 80);
        LdaParameters parameters = Lda.Fit(corpus, new LdaOptions { Topics = 9, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken).Parameters;
        var evidence = DocumentEvidence.At(parameters);
        var random = new Philox(4);
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (int document = 0; document < corpus.DocumentCount; document++)
            {
                evidence.Anneal(corpus.Terms(document), corpus.Counts(document), 4, 8, random, TestContext.Current.CancellationToken);
                evidence.LeftToRight(corpus.Terms(document), corpus.Counts(document), 4, random, TestContext.Current.CancellationToken);
                evidence.Bound(corpus.Terms(document), corpus.Counts(document));
            }
        }
    }

    [Fact]
    public void Bad_documents_are_refused()
    {
        var evidence = DocumentEvidence.At(new LdaParameters([0.5, 0, 0.5, 1, 0, 0], [1, 1], null));
        Assert.Contains("2 terms and 1 counts", Assert.Throws<ArgumentException>(() => evidence.Bound([0, 1], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => evidence.Bound([3], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("at least once", Assert.Throws<ArgumentOutOfRangeException>(() => evidence.Bound([0], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("Term 2 has the probability 0", Assert.Throws<InvalidOperationException>(() => evidence.LeftToRight([2], [1], 2, new Philox(1), TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => evidence.Anneal([0], [1], 1, 2, new Philox(1), TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => evidence.Anneal([0], [1], 2, 0, new Philox(1), TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => evidence.LeftToRight([0], [1], 1, new Philox(1), TestContext.Current.CancellationToken));
    }
}
