using Elbo.Engine;

namespace Elbo.Tests.Engine;

/// <summary>Every way to break a law of EM while fitting is found where it happens, and named.</summary>
public sealed class CertificateTests
{
    public static TheoryData<string, EmStep, int, string, double> Breaches() => new()
    {
        { "kernel joint", EmStep.Expectation, 2, "expected log joint", -1e-3 },
        { "entropy", EmStep.Expectation, 2, "log-evidence", 1e-3 },
        { "evidence", EmStep.Expectation, 2, "log-evidence", -1e-3 },
        { "evidence below a bound", EmStep.Expectation, 2, "log-evidence", 1e-3 },
        { "E-step falls", EmStep.Expectation, 3, "ELBO", -1e-3 },
        { "M-step falls", EmStep.Maximization, 3, "ELBO", -1e-3 },
        { "M-step falls without a guarantee", EmStep.Maximization, 3, "ELBO", -1e-3 },
        { "global bound falls in the M-step", EmStep.Maximization, 3, "ELBO", -1e-3 },
        { "joint is NaN", EmStep.Expectation, 2, "expected log joint", double.NaN },
        { "joint is infinite", EmStep.Expectation, 2, "expected log joint", double.NegativeInfinity },
        { "entropy is NaN", EmStep.Expectation, 2, "entropy", double.NaN },
        { "evidence is NaN", EmStep.Expectation, 2, "log-evidence", double.NaN },
        { "evidence above a bound is NaN", EmStep.Expectation, 2, "log-evidence", double.NaN },
        { "model joint is NaN", EmStep.Expectation, 2, "expected log joint", double.NaN },
        { "global bound is NaN from the start", EmStep.Expectation, 0, "global bound", double.NaN },
        { "M-step is NaN", EmStep.Maximization, 3, "ELBO", double.NaN },
        { "M-step is infinite", EmStep.Maximization, 3, "ELBO", double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task A_breach_is_named(string breach, EmStep step, int iteration, string term, double amount)
    {
        var error = await Assert.ThrowsAsync<CertificateException>(() => ScriptedModel.RunAsync(Broken(breach), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(step, error.Step);
        Assert.Equal(iteration, error.Iteration);
        Assert.Equal(term, error.Term);
        if (double.IsFinite(amount)) Assert.Equal(amount, error.Amount, 1e-9);
        else Assert.Equal(amount, error.Amount);
        Assert.Contains($"Iteration {iteration}, {(step == EmStep.Expectation ? "E-step" : "M-step")}", error.Message, StringComparison.Ordinal);
        Assert.Contains(term, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("off by 0 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rounding_is_no_breach()
    {
        var sound = new Script();
        Script script = sound with { ModelError = _ => 1e-9, Gain = t => t == 2 ? -1e-9 : sound.Gain(t), Evidence = t => Script.Objective(t) + 1e-9 };
        Assert.Equal(5, (await ScriptedModel.RunAsync(script, cancellationToken: TestContext.Current.CancellationToken)).Count);
    }

    [Theory]
    [InlineData(Guarantee.Evidence)]
    [InlineData(Guarantee.Bound)]
    [InlineData(Guarantee.Surrogate)]
    public async Task Every_guarantee_but_none_is_held_to_its_E_step(Guarantee guarantee)
    {
        Script script = Broken("E-step falls") with { Guarantee = guarantee };
        await Assert.ThrowsAsync<CertificateException>(() => ScriptedModel.RunAsync(script, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(5, (await ScriptedModel.RunAsync(script with { Guarantee = Guarantee.None }, cancellationToken: TestContext.Current.CancellationToken)).Count);
    }

    static Script Broken(string breach)
    {
        var sound = new Script();
        return breach switch
        {
            "kernel joint" => sound with { ModelError = t => t == 2 ? 1e-3 : 0 },
            "entropy" => sound with { Entropy = t => t == 2 ? 2.001 : 2, Evidence = t => Script.Objective(t) },
            "evidence" => sound with { Evidence = t => Script.Objective(t) + (t == 2 ? 1e-3 : 0) },
            "evidence below a bound" => sound with { Guarantee = Guarantee.Bound, Evidence = t => Script.Objective(t) - (t == 2 ? 1e-3 : -5) },
            // The M-step promises more than the next E-step finds.
            "E-step falls" => sound with { Gain = t => Script.Objective(t + 1) - Script.Objective(t) + (t == 2 ? 1e-3 : 0) },
            "M-step falls" => sound with { Gain = t => t == 2 ? -1e-3 : sound.Gain(t) },
            "M-step falls without a guarantee" => sound with { Guarantee = Guarantee.None, Gain = t => t == 2 ? -1e-3 : sound.Gain(t) },
            "global bound falls in the M-step" => sound with { Gain = t => t == 2 ? 1 : sound.Gain(t), Global = t => t == 3 ? -1.001 : 0 },
            "joint is NaN" => sound with { Joint = t => t == 2 ? double.NaN : Script.Objective(t) - 2, Gain = _ => 0 },
            "joint is infinite" => sound with { Joint = t => t == 2 ? double.NegativeInfinity : Script.Objective(t) - 2, Gain = _ => 0 },
            "entropy is NaN" => sound with { Entropy = t => t == 2 ? double.NaN : 2 },
            "evidence is NaN" => sound with { Evidence = t => t == 2 ? double.NaN : Script.Objective(t) },
            "evidence above a bound is NaN" => sound with { Guarantee = Guarantee.Bound, Evidence = t => t == 2 ? double.NaN : 0 },
            "model joint is NaN" => sound with { ModelError = t => t == 2 ? double.NaN : 0 },
            "global bound is NaN from the start" => sound with { Global = _ => double.NaN },
            "M-step is NaN" => sound with { Gain = t => t == 2 ? double.NaN : sound.Gain(t) },
            "M-step is infinite" => sound with { Gain = t => t == 2 ? double.PositiveInfinity : sound.Gain(t) },
            _ => throw new ArgumentException(breach, nameof(breach)),
        };
    }
}
