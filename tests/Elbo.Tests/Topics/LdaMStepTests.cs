using CsCheck;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>With q fixed the M-step finds the maximum: no perturbation of any parameter is better, and derivatives vanish.</summary>
public sealed class LdaMStepTests
{
    [Fact]
    public void No_perturbation_is_better() =>
        LdaCases.Fits.Sample(fit =>
        {
            var model = new LdaModel(fit.Options.UpdateAlpha, fit.Options.UpdateEta);
            (LdaStatistics statistics, LdaParameters start) = Expect(fit.Corpus, fit.Options);
            LdaParameters best = model.Maximize(statistics, start);
            double bound = Bound(model, statistics, best), tolerance = 1e-10 * (1 + Math.Abs(model.ExpectedLogJoint(statistics, best)) + Math.Abs(model.GlobalBound(best)));
            Assert.True(bound >= Bound(model, statistics, start) - tolerance);

            Philox random = Philox.ForStream(fit.Options.Seed, 99);
            for (int trial = 0; trial < 20; trial++)
            {
                double size = Math.Pow(10, -4 * random.NextDouble());
                double[] topics = Perturb(best.TermTopic, size, random, normalizedBy: best.Prior is null ? best.Topics : 0);
                // λ's optimum is at the η before; the M-step then moves η.
                LdaParameters reference = best.Prior is null ? best : new LdaParameters(best.TermTopic.ToArray(), best.Alpha.ToArray(), start.Prior);
                AssertNotBetter(Bound(model, statistics, reference), new LdaParameters(topics, best.Alpha.ToArray(), reference.Prior), "topics");

                if (fit.Options.UpdateAlpha != ConcentrationUpdate.Fixed)
                {
                    double[] alpha = Perturb(best.Alpha, size, random, 0, fit.Options.UpdateAlpha == ConcentrationUpdate.Symmetric);
                    AssertNotBetter(bound, new LdaParameters(best.TermTopic.ToArray(), alpha, best.Prior), "α");
                }
                if (fit.Options.UpdateEta)
                {
                    double eta = Perturb([best.Prior!.Concentration], size, random, 0)[0];
                    AssertNotBetter(bound, new LdaParameters(best.TermTopic.ToArray(), best.Alpha.ToArray(), best.Prior.WithConcentration(eta)), "η");
                }
            }

            void AssertNotBetter(double optimum, LdaParameters other, string what)
            {
                double better = Bound(model, statistics, other) - optimum;
                Assert.True(!(better > tolerance), $"A perturbation of {what} is better by {better:R} nats.");
            }
        }, iter: 150);

    [Fact]
    public void Derivatives_vanish()
    {
        Corpus corpus = SmallCorpora.Random(seed: 3, documents: 40, terms: 20, tokens: 30);
        var options = new LdaOptions { Topics = 3, Alpha = 0.3, Eta = 0.2 };
        var model = new LdaModel(ConcentrationUpdate.Asymmetric, updateEta: true);
        (LdaStatistics statistics, LdaParameters start) = Expect(corpus, options);
        LdaParameters best = model.Maximize(statistics, start);
        for (int topic = 0; topic < 3; topic++)
        {
            int k = topic;
            AssertFlat(step => { double[] alpha = best.Alpha.ToArray(); alpha[k] *= Math.Exp(step); return new LdaParameters(best.TermTopic.ToArray(), alpha, best.Prior); });
        }
        AssertFlat(step => new LdaParameters(best.TermTopic.ToArray(), best.Alpha.ToArray(), best.Prior!.WithConcentration(best.Prior.Concentration * Math.Exp(step))));
        for (int i = 0; i < best.TermTopic.Length; i++)
        {
            int place = i;
            AssertFlat(step => { double[] lambda = best.TermTopic.ToArray(); lambda[place] *= Math.Exp(step); return new LdaParameters(lambda, best.Alpha.ToArray(), start.Prior); });
        }

        void AssertFlat(Func<double, LdaParameters> along)
        {
            const double step = 1e-3;
            double slope = (Bound(model, statistics, along(step)) - Bound(model, statistics, along(-step))) / (2 * step);
            double curvature = (Bound(model, statistics, along(step)) - 2 * Bound(model, statistics, along(0)) + Bound(model, statistics, along(-step))) / (step * step);
            Assert.True(curvature < 0);
            // The maximum is less than a ten-thousandth of a logarithm away.
            Assert.True(Math.Abs(slope) <= 1e-4 * Math.Abs(curvature), $"slope {slope}, curvature {curvature}");
        }
    }

    [Fact]
    public void A_topic_that_explains_nothing_stays_what_it_was()
    {
        var current = new LdaParameters([0.25, 1, 0.75, 0], [1, 1], null);
        LdaParameters next = new LdaModel().Maximize(new LdaStatistics(2, 2), current);
        LdaCases.AssertBits(current.TermTopic, next.TermTopic);
    }

    static double Bound(LdaModel model, LdaStatistics statistics, LdaParameters parameters) => model.ExpectedLogJoint(statistics, parameters) + model.GlobalBound(parameters);

    static (LdaStatistics, LdaParameters) Expect(Corpus corpus, LdaOptions options)
    {
        LdaParameters start = LdaStarts.Create(corpus, options, 0);
        var statistics = new LdaStatistics(start.Terms, start.Topics);
        new LdaEStep(options: options.Document).Prepare(start).Accumulate(new DocumentBatch(corpus, 0, corpus.DocumentCount), statistics);
        return (statistics, start);
    }

    static double[] Perturb(ReadOnlySpan<double> values, double size, Philox random, int normalizedBy, bool together = false)
    {
        double[] perturbed = values.ToArray();
        double common = random.NextNormal();
        for (int i = 0; i < perturbed.Length; i++) perturbed[i] *= Math.Exp(size * (together ? common : random.NextNormal()));
        if (normalizedBy == 0) return perturbed;
        for (int topic = 0; topic < normalizedBy; topic++)
        {
            double sum = 0;
            for (int i = topic; i < perturbed.Length; i += normalizedBy) sum += perturbed[i];
            for (int i = topic; i < perturbed.Length; i += normalizedBy) perturbed[i] /= sum;
        }
        return perturbed;
    }
}
