using Elbo.Engine;
using Elbo.Reports.Explain;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Explain;

/// <summary>The mathematics of the figures, before anything is drawn.</summary>
public sealed class FigureTests
{
    public static TheoryData<ulong> Seeds => [0, 1, 2, 17, ulong.MaxValue];

    [Fact]
    public void Jensen_has_the_articles_numbers()
    {
        var jensen = new Jensen(1, 2.5, 0.3);
        Assert.Equal(0.3 * Math.Exp(-1) + 0.7 * Math.Exp(-0.25), jensen.Secant, 1e-15);
        Assert.Equal(Math.Exp(-0.0025), jensen.Curve, 1e-15);
        Assert.Equal(JensenVerdict.Luck, jensen.Verdict);
    }

    [Theory]
    [InlineData(1.4, 2.6, "Concave")]
    [InlineData(1.2, 2.6, "Luck")]
    [InlineData(3, 4, "Fails")]
    public void Jensen_says_whether_the_argument_applies(double first, double second, string verdict)
    {
        for (double weight = 0.01; weight < 1; weight += 0.01) Assert.True(verdict != "Concave" || new Jensen(first, second, weight).Secant <= new Jensen(first, second, weight).Curve);
        Assert.Equal(verdict, new Jensen(first, second, 0.5).Verdict.ToString());
    }

    [Fact]
    public void The_concave_part_ends_where_the_second_derivative_changes_its_sign()
    {
        const double Step = 1e-4;
        double Second(double x) => (Jensen.Of(x + Step) - 2 * Jensen.Of(x) + Jensen.Of(x - Step)) / (Step * Step);
        foreach (double side in new[] { -1.0, 1.0 })
        {
            Assert.True(Second(2 + side * (Jensen.Radius - 0.01)) < 0);
            Assert.True(Second(2 + side * (Jensen.Radius + 0.01)) > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_half_step_keeps_the_laws_of_em(ulong seed)
    {
        DecompositionEntry fit = Decomposition.Run(OldFaithful.Table, seed);
        Assert.True(fit.LargestDefect < 1e-9, $"{fit.LargestDefect}");
        Assert.True(fit.Steps[0].Divergence > 1);
        for (int i = 1; i < fit.Steps.Count; i++)
        {
            (HalfStepEntry before, HalfStepEntry now) = (fit.Steps[i - 1], fit.Steps[i]);
            Assert.Equal(i % 2 == 1 ? "E" : "M", now.Kind);
            Assert.Equal(now.ExpectedLogJoint + now.Entropy, now.Elbo, 1e-9);
            Assert.True(now.Elbo >= before.Elbo - 1e-9);
            if (now.Kind == "E")
            {
                Assert.Equal(0, now.Divergence, 1e-10);
                Assert.Equal(before.LogEvidence, now.LogEvidence, 1e-9);
            }
            else Assert.True(now.LogEvidence - before.LogEvidence >= now.Elbo - before.Elbo - 1e-9);
        }
    }

    [Fact]
    public void The_start_is_computed_from_the_densities()
    {
        DecompositionEntry fit = Decomposition.Run(OldFaithful.Table, 1);
        GaussianPair theta = fit.Parameters[0];
        double evidence = 0, elbo = 0;
        for (int i = 0; i < fit.First.Length; i++)
        {
            double[] joint = [Joint(i, 0), Joint(i, 1)];
            evidence += Math.Log(joint[0] + joint[1]);
            elbo += 0.5 * (Math.Log(joint[0] / 0.5) + Math.Log(joint[1] / 0.5));
        }
        Assert.Equal(evidence, fit.Steps[0].LogEvidence, 1e-8);
        Assert.Equal(elbo, fit.Steps[0].Elbo, 1e-8);

        double Joint(int row, int k)
        {
            double[] c = theta.Covariances[k];
            double determinant = c[0] * c[3] - c[1] * c[2], x = fit.First[row] - theta.Means[k][0], y = fit.Second[row] - theta.Means[k][1];
            return theta.Weights[k] * Math.Exp(-0.5 * (c[3] * x * x - 2 * c[1] * x * y + c[0] * y * y) / determinant) / (2 * Math.PI * Math.Sqrt(determinant));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bounds_lie_below_touch_and_have_their_top_at_the_next_parameter(ulong seed)
    {
        BoundEntry entry = BoundCurves.Run(OldFaithful.Waiting, seed);
        for (int t = 0; t < entry.Bounds.Count; t++)
        {
            TouchingBound bound = entry.Bounds[t];
            for (int i = 0; i < entry.Grid.Length; i++)
            {
                Assert.True(bound.Elbo[i] <= entry.LogEvidence[i] + 1e-9);
                Assert.True(bound.Elbo[i] <= bound.Height + 1e-9);
            }
            // In one mean the bound is a parabola, so that three of its points say where it touches and where its top is.
            (double[] x, double[] y) = ([entry.Grid[0], entry.Grid[100], entry.Grid[^1]], [bound.Elbo[0], bound.Elbo[100], bound.Elbo[^1]]);
            double Parabola(double at) => y[0] * (at - x[1]) * (at - x[2]) / ((x[0] - x[1]) * (x[0] - x[2])) + y[1] * (at - x[0]) * (at - x[2]) / ((x[1] - x[0]) * (x[1] - x[2])) + y[2] * (at - x[0]) * (at - x[1]) / ((x[2] - x[0]) * (x[2] - x[1]));
            Assert.Equal(bound.Touch, Parabola(bound.At), 1e-7);
            Assert.Equal(bound.Height, Parabola(bound.Next), 1e-7);
            Assert.True(Parabola(bound.Next) >= Math.Max(Parabola(bound.Next - 0.01), Parabola(bound.Next + 0.01)));
            Assert.True(bound.NextEvidence >= bound.Height - 1e-9);
            if (t > 0) Assert.Equal(entry.Bounds[t - 1].Next, bound.At);
        }
        Assert.Equal(entry.Top, entry.Bounds[^1].Next, 0.2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Topics_add_up_the_gap_is_never_negative_and_annealing_finds_it(ulong seed)
    {
        TinyTopicsEntry figure = TinyTopics.Run(seed);
        foreach (double[] topic in figure.Probabilities) Assert.Equal(1, topic.Sum(), 1e-12);
        foreach (TinyDocumentEntry document in figure.Documents)
        {
            Assert.True(document.Divergence >= -1e-12);
            Assert.InRange(document.StandardError, 0, 0.2);
            Assert.Equal(document.LogEvidence, document.Annealed, 4 * document.StandardError + 1e-9);
            foreach (double[] shares in new[] { document.Exact, document.MeanField, document.Collapsed }) Assert.Equal(1, shares.Sum(), 1e-9);
            Assert.True(document.CollapsedError <= document.MeanFieldError, $"{document.Words}: the page says that CVB0 comes nearer.");
        }
    }

    [Fact]
    public void A_single_word_is_explained_exactly_by_cvb0_as_its_own_part_is_left_out()
    {
        // γ_k ∝ α_k β_k is then the posterior itself.
        TinyDocumentEntry word = TinyTopics.Run(1).Documents[0];
        for (int k = 0; k < word.Exact.Length; k++) Assert.Equal(word.Exact[k], word.Collapsed[k], 1e-12);
    }

    [Fact]
    public void Cvb0_is_at_its_fixed_point()
    {
        LdaParameters parameters = TinyTopics.Parameters;
        int[] terms = [0, 1, 2], counts = [2, 1, 3];
        double[] shares = CollapsedProportions.Of(parameters, terms, counts);
        // Token by token, another loop than the library's over terms.
        int[] tokens = [0, 0, 1, 2, 2, 2];
        double[][] gamma = [.. tokens.Select(_ => new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 })];
        for (int sweep = 0; sweep < 5000; sweep++)
            for (int n = 0; n < tokens.Length; n++)
            {
                double[] weights = [.. Enumerable.Range(0, 3).Select(k => (parameters.Alpha[k] + gamma.Where((_, m) => m != n).Sum(other => other[k])) * parameters.TermTopic[tokens[n] * 3 + k])];
                gamma[n] = [.. weights.Select(weight => weight / weights.Sum())];
            }
        for (int k = 0; k < 3; k++) Assert.Equal((parameters.Alpha[k] + gamma.Sum(own => own[k])) / (parameters.Alpha.ToArray().Sum() + tokens.Length), shares[k], 1e-9);
    }

    [Fact]
    public void The_embedded_table_is_that_of_the_tests() =>
        Assert.Equal(File.ReadAllLines(Elbo.Tests.SmallTables.Faithful).Skip(1).SelectMany(line => line.Split(',')).Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)), OldFaithful.Table.Values.ToArray());
}
