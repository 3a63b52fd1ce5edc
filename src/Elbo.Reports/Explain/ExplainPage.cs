namespace Elbo.Reports.Explain;

/// <summary>What the page of <c>elbo explain</c> shows, ready to be written as JSON.</summary>
sealed record ExplainPage(string Command, JensenEntry Jensen, DecompositionEntry Decomposition, BoundEntry Bound, TinyTopicsEntry Topics);

/// <summary>Where the figure of Jensen's inequality begins; the page computes what its sliders ask for.</summary>
sealed record JensenEntry(double First, double Second, double Weight, double Radius);

/// <summary>Log-evidence, ELBO and divergence at every half-step of a fit of two Gaussians.</summary>
/// <param name="Columns">The names of the two columns.</param>
/// <param name="First">The first column.</param>
/// <param name="Second">The second column.</param>
/// <param name="Source">Where the data come from.</param>
/// <param name="Parameters">θ_0 to θ_T.</param>
/// <param name="Responsibilities">q_0 to q_T+1: of every row the share of component 1, to four digits.</param>
/// <param name="Steps">The start, then E and M in turn, and a last E.</param>
/// <param name="LargestDefect">The largest |ELBO + KL − log p(X|θ)| of all steps, in nats.</param>
sealed record DecompositionEntry(IReadOnlyList<string> Columns, double[] First, double[] Second, string Source,
    IReadOnlyList<GaussianPair> Parameters, IReadOnlyList<double[]> Responsibilities, IReadOnlyList<HalfStepEntry> Steps, double LargestDefect);

/// <summary>θ of two Gaussians in the plane.</summary>
/// <param name="Weights">π.</param>
/// <param name="Means">μ of each.</param>
/// <param name="Covariances">Σ of each, row-major.</param>
/// <param name="Ellipses">For each x and y of its line at the Mahalanobis distance 2, to four digits.</param>
sealed record GaussianPair(double[] Weights, double[][] Means, double[][] Covariances, double[][][] Ellipses);

/// <summary>A half-step. Numbers in nats, each computed on its own.</summary>
/// <param name="Kind"><c>start</c>, <c>E</c> or <c>M</c>.</param>
/// <param name="Iteration">t; 0 for the start.</param>
/// <param name="Theta">Which θ holds after it.</param>
/// <param name="Q">Which q holds after it.</param>
/// <param name="LogEvidence">log p(X | θ).</param>
/// <param name="Elbo">L(q, θ).</param>
/// <param name="Divergence">KL(q ‖ p(Z | X, θ)), summed over rows and components.</param>
/// <param name="ExpectedLogJoint">E_q[log p(X, Z | θ)].</param>
/// <param name="Entropy">H(q).</param>
sealed record HalfStepEntry(string Kind, int Iteration, int Theta, int Q, double LogEvidence, double Elbo, double Divergence, double ExpectedLogJoint, double Entropy);

/// <summary>log p(X | θ) along one parameter, and the bounds that touch it.</summary>
/// <param name="Grid">Values of the parameter.</param>
/// <param name="LogEvidence">log p(X | θ) at each.</param>
/// <param name="Fixed">What is held fixed.</param>
/// <param name="Bounds">One for each iteration.</param>
/// <param name="Top">The highest point of the evidence on the grid: where it is.</param>
sealed record BoundEntry(double[] Grid, double[] LogEvidence, FixedPair Fixed, IReadOnlyList<TouchingBound> Bounds, double Top);

/// <summary>The weights, variances and the second mean of the model with one free parameter.</summary>
sealed record FixedPair(double[] Weights, double[] Variances, double SecondMean);

/// <summary>The ELBO of one q as a function of the parameter.</summary>
/// <param name="Iteration">t, from 1.</param>
/// <param name="At">θ_t−1, where it touches: q is the posterior there.</param>
/// <param name="Touch">log p(X | θ_t−1) = L(q_t, θ_t−1).</param>
/// <param name="Elbo">L(q_t, θ) over the grid.</param>
/// <param name="Next">θ_t, where it is highest.</param>
/// <param name="Height">L(q_t, θ_t).</param>
/// <param name="NextEvidence">log p(X | θ_t).</param>
sealed record TouchingBound(int Iteration, double At, double Touch, double[] Elbo, double Next, double Height, double NextEvidence);

/// <summary>Tiny documents of which everything is known.</summary>
/// <param name="Alpha">α of every topic.</param>
/// <param name="Names">The topics' names.</param>
/// <param name="Terms">The terms.</param>
/// <param name="Probabilities">β: for each topic the probability of each term.</param>
/// <param name="Documents">The documents.</param>
/// <param name="Chains">Chains of annealed importance sampling.</param>
/// <param name="Steps">Steps of each.</param>
sealed record TinyTopicsEntry(double Alpha, IReadOnlyList<string> Names, IReadOnlyList<string> Terms, IReadOnlyList<double[]> Probabilities, IReadOnlyList<TinyDocumentEntry> Documents, int Chains, int Steps);

/// <summary>A tiny document. Logarithms in nats.</summary>
/// <param name="Words">Its words.</param>
/// <param name="LogEvidence">log p(w | α, β), by brute force.</param>
/// <param name="Elbo">The mean-field bound.</param>
/// <param name="Annealed">log p(w | α, β), as annealed importance sampling estimates it.</param>
/// <param name="StandardError">Of that.</param>
/// <param name="Exact">E[ϑ | w].</param>
/// <param name="MeanField">E_q[ϑ] by mean field.</param>
/// <param name="Collapsed">By CVB0.</param>
sealed record TinyDocumentEntry(string Words, double LogEvidence, double Elbo, double Annealed, double StandardError, double[] Exact, double[] MeanField, double[] Collapsed)
{
    /// <summary>KL(q ‖ p(ϑ, z | w, α, β)).</summary>
    public double Divergence => LogEvidence - Elbo;

    /// <summary>The largest error of a topic's share by mean field.</summary>
    public double MeanFieldError => Error(MeanField);

    /// <summary>The same by CVB0.</summary>
    public double CollapsedError => Error(Collapsed);

    double Error(double[] shares) => shares.Zip(Exact, (share, exact) => Math.Abs(share - exact)).Max();
}
