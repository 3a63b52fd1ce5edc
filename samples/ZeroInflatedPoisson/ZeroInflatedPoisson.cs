using Elbo.Engine;
using Elbo.Numerics;

namespace ZeroInflatedPoisson;

// Counts with more zeros than a Poisson distribution has: some come from elsewhere (Lambert 1992).
public readonly record struct Counted(int Value, double Weight = 1);

public sealed class Inflation(double zero, double rate) : ITensors<Inflation>
{
    public double Zero => zero;
    public double Rate => rate;
    public void Describe(ITensorVisitor visitor)
    {
        visitor.Visit("zero", [2], [zero, 1 - zero], TensorConstraint.Simplex);
        visitor.Visit("rate", [], [rate], TensorConstraint.Positive);
    }
    public static Inflation FromTensors(TensorSet tensors) => new(tensors.Doubles("zero", TensorConstraint.Simplex, 2)[0], tensors.Doubles("rate", TensorConstraint.Positive)[0]);
    public double LogPoisson(double count, double sum, double logFactorials) => count * (Math.Log(1 - zero) - rate) + sum * Math.Log(rate) - logFactorials;
}

// The statistics are the expected number of zeros from elsewhere and of Poisson counts, Σ x and Σ ln x!. There is no M-step to derive: it climbs Q itself.
public sealed class InflationModel : IModel<Inflation, DenseStatistics>, IEStep<ReadOnlySpan<Counted>, Inflation, DenseStatistics>
{
    public DenseStatistics CreateStatistics(Inflation current) => new(4);
    public Inflation Maximize(DenseStatistics s, Inflation current) => QuasiNewton.Maximize(parameters => ExpectedLogJoint(s, parameters), current);
    public double ExpectedLogJoint(DenseStatistics s, Inflation parameters) => s.Values[0] * Math.Log(parameters.Zero) + parameters.LogPoisson(s.Values[1], s.Values[2], s.Values[3]);
    public double GlobalBound(Inflation parameters) => 0;
    public Guarantee Guarantee => Guarantee.Evidence;
    public IEStepKernel<ReadOnlySpan<Counted>, DenseStatistics> Prepare(Inflation parameters) => new Posterior(parameters);

    sealed class Posterior(Inflation parameters) : IEStepKernel<ReadOnlySpan<Counted>, DenseStatistics>
    {
        public LocalBound Accumulate(ReadOnlySpan<Counted> batch, DenseStatistics into)
        {
            double joint = 0, entropy = 0, evidence = 0;
            foreach ((int value, double weight) in batch)
            {
                double logFactorial = SpecialFunctions.LogGamma(value + 1.0), poisson = parameters.LogPoisson(1, value, logFactorial);
                double log = value == 0 ? Math.Log(parameters.Zero + Math.Exp(poisson)) : poisson, q = value == 0 ? parameters.Zero / (parameters.Zero + Math.Exp(poisson)) : 0;
                evidence += weight * log;
                joint += weight * ((q > 0 ? q * Math.Log(parameters.Zero) : 0) + (1 - q) * poisson);
                if (q is > 0 and < 1) entropy -= weight * (q * Math.Log(q) + (1 - q) * Math.Log(1 - q));
                ReadOnlySpan<double> own = [weight * q, weight * (1 - q), weight * (1 - q) * value, weight * (1 - q) * logFactorial];
                for (int i = 0; i < own.Length; i++) into.Values[i] += own[i];
            }
            return new LocalBound(joint, entropy, evidence);
        }
    }
}
