using Elbo.Engine;

namespace CensoredExponential;

// Lifetimes of which some are known only to be longer than the time they were watched for.
public readonly record struct Lifetime(double Time, bool IsCensored, double Weight = 1);

public sealed class Failure(double rate) : ITensors<Failure>
{
    public double Rate => rate;
    public void Describe(ITensorVisitor visitor) => visitor.Visit("rate", [], [rate], TensorConstraint.Positive);
    public static Failure FromTensors(TensorSet tensors) => new(tensors.Doubles("rate", TensorConstraint.Positive)[0]);
}

// What is latent is the whole lifetime z of a censored one: z − time has again the rate λ. The statistics are Σ 1 and Σ E[z].
public sealed class LifetimeModel : IModel<Failure, DenseStatistics>, IEStep<ReadOnlySpan<Lifetime>, Failure, DenseStatistics>
{
    public DenseStatistics CreateStatistics(Failure current) => new(2);
    public Failure Maximize(DenseStatistics s, Failure current) => s.Values[1] > 0 ? new(s.Values[0] / s.Values[1]) : current;
    public double ExpectedLogJoint(DenseStatistics s, Failure parameters) => s.Values[0] * Math.Log(parameters.Rate) - parameters.Rate * s.Values[1];
    public double GlobalBound(Failure parameters) => 0;
    public Guarantee Guarantee => Guarantee.Evidence;
    public IEStepKernel<ReadOnlySpan<Lifetime>, DenseStatistics> Prepare(Failure parameters) => new Posterior(parameters.Rate);

    sealed class Posterior(double rate) : IEStepKernel<ReadOnlySpan<Lifetime>, DenseStatistics>
    {
        public LocalBound Accumulate(ReadOnlySpan<Lifetime> batch, DenseStatistics into)
        {
            double joint = 0, entropy = 0, evidence = 0;
            foreach ((double time, bool isCensored, double weight) in batch)
            {
                double expected = isCensored ? time + 1 / rate : time;
                into.Values[0] += weight;
                into.Values[1] += weight * expected;
                joint += weight * (Math.Log(rate) - rate * expected);
                // Of the exponential distribution that z − time has; and p(z > time) = e^(−λ time).
                entropy += isCensored ? weight * (1 - Math.Log(rate)) : 0;
                evidence += weight * (isCensored ? -rate * time : Math.Log(rate) - rate * time);
            }
            return new LocalBound(joint, entropy, evidence);
        }
    }
}
