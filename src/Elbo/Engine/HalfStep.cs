namespace Elbo.Engine;

/// <summary>
/// The bound after a half-step, in nats, with its parts: L(q, θ) = E_q[log p(X, Z | θ)] + H(q) + global bound, and, where it can be had,
/// log p(X | θ) and so the divergence, KL = log p(X | θ) + global bound − L. (Bishop 2006, eq. 9.70 to 9.72.)
/// </summary>
/// <param name="ExpectedLogJoint">E_q[log p(X, Z | θ)].</param>
/// <param name="Entropy">H(q).</param>
/// <param name="GlobalBound">0 for maximum likelihood, log p(θ) for MAP, −KL(q(θ)‖p(θ)) for variational Bayes.</param>
/// <param name="LogEvidence">log p(X | θ), or null where it cannot be computed.</param>
public readonly record struct HalfStep(double ExpectedLogJoint, double Entropy, double GlobalBound, double? LogEvidence)
{
    /// <summary>L(q, θ), the objective.</summary>
    public double Elbo => ExpectedLogJoint + Entropy + GlobalBound;

    /// <summary>KL(q ‖ p(Z | X, θ)), or null where the log-evidence is not known.</summary>
    public double? KullbackLeibler => LogEvidence + GlobalBound - Elbo;
}
