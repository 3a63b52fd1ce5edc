using System.Globalization;

namespace Elbo.Engine;

/// <summary>A half-step of EM.</summary>
public enum EmStep
{
    /// <summary>The E-step.</summary>
    Expectation,

    /// <summary>The M-step.</summary>
    Maximization,
}

/// <summary>A fit broke a law of expectation-maximization: the model or its E-step is wrong, and no number of this fit can be trusted.</summary>
public sealed class CertificateException : Exception
{
    internal CertificateException(int iteration, EmStep step, string term, double amount, double scale, string law)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"Iteration {iteration}, {(step == EmStep.Expectation ? "E-step" : "M-step")}: {law} ({term}: off by {amount:G6} nats at a scale of {scale:G6}). The model or its E-step is wrong; check it with the conformance kit."))
    {
        Iteration = iteration;
        Step = step;
        Term = term;
        Amount = amount;
    }

    /// <summary>The iteration, from 0.</summary>
    public int Iteration { get; }

    /// <summary>The half-step after which the law was found broken.</summary>
    public EmStep Step { get; }

    /// <summary>The quantity that is off.</summary>
    public string Term { get; }

    /// <summary>By how many nats it is off.</summary>
    public double Amount { get; }
}

/// <summary>The laws that are checked while fitting. Tolerances are relative to the scale of what was summed.</summary>
static class Certificate
{
    /// <summary>For identities between sums of doubles.</summary>
    public const double IdentityTolerance = 1e-9;

    /// <summary>For falls of what may not fall.</summary>
    public const double AscentTolerance = 1e-10;

    /// <summary>The kernel's and the model's E_q[log p(X,Z|θ)] agree; where the log-evidence is computed on its own way, it is the ELBO.</summary>
    public static void CheckDecomposition(int iteration, Guarantee guarantee, LocalBound kernel, double modelJoint, double scale)
    {
        CheckNumber(iteration, EmStep.Expectation, "expected log joint", kernel.ExpectedLogJoint);
        CheckNumber(iteration, EmStep.Expectation, "entropy", kernel.Entropy);
        CheckEqual(iteration, "expected log joint", kernel.ExpectedLogJoint - modelJoint, scale,
            "the E-step's expected log joint is not the model's at the same statistics");
        if (kernel.LogEvidence is { } evidence && guarantee == Guarantee.Evidence)
            CheckEqual(iteration, "log-evidence", kernel.ExpectedLogJoint + kernel.Entropy - evidence, scale,
                "expected log joint plus entropy is not the log-evidence, as it must be after an exact E-step");
        else if (kernel.LogEvidence is { } above && guarantee == Guarantee.Bound && !(kernel.ExpectedLogJoint + kernel.Entropy <= above + IdentityTolerance * scale))
            throw new CertificateException(iteration, EmStep.Expectation, "log-evidence", kernel.ExpectedLogJoint + kernel.Entropy - above, scale, "the bound is above the log-evidence");
    }

    /// <summary>A half-step that must not lower the bound did not.</summary>
    public static void CheckAscent(int iteration, EmStep step, double before, double after, double scale)
    {
        CheckNumber(iteration, step, "ELBO", after);
        if (after < before - AscentTolerance * scale)
            throw new CertificateException(iteration, step, "ELBO", after - before, scale, "the bound fell");
    }

    /// <summary>Neither NaN nor infinite.</summary>
    public static void CheckNumber(int iteration, EmStep step, string term, double value)
    {
        if (!double.IsFinite(value))
            throw new CertificateException(iteration, step, term, value, double.NaN, "a number is not finite");
    }

    static void CheckEqual(int iteration, string term, double difference, double scale, string law)
    {
        // NaN must fail, so the comparison is written to be false for it.
        if (!(Math.Abs(difference) <= IdentityTolerance * scale))
            throw new CertificateException(iteration, EmStep.Expectation, term, difference, scale, law);
    }
}
