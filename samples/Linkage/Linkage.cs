using Elbo.Engine;

namespace Linkage;

// 197 animals in four cells with the probabilities ½ + θ/4, (1 − θ)/4, (1 − θ)/4, θ/4 (Rao 1965; Dempster, Laird and Rubin 1977).
// The first cell hides two: one of probability ½, one of θ/4.
public readonly record struct Cell(int Number, double Count);

public sealed class Recombination(double theta) : ITensors<Recombination>
{
    public double Theta => theta;
    public void Describe(ITensorVisitor visitor) => visitor.Visit("theta", [2], [theta, 1 - theta], TensorConstraint.Simplex);
    public static Recombination FromTensors(TensorSet tensors) => new(tensors.Doubles("theta", TensorConstraint.Simplex, 2)[0]);
    // log p(cell | θ) of the five cells that are hidden in the four: ½, θ/4, (1 − θ)/4 twice, θ/4.
    public double LogJoint(int hidden) => hidden == 0 ? Math.Log(0.5) : Math.Log((hidden is 1 or 4 ? theta : 1 - theta) / 4);
}

// The statistics are the expected counts of the five.
public sealed class LinkageModel : IModel<Recombination, DenseStatistics>, IEStep<ReadOnlySpan<Cell>, Recombination, DenseStatistics>
{
    public DenseStatistics CreateStatistics(Recombination current) => new(5);
    public Recombination Maximize(DenseStatistics s, Recombination current) =>
        s.Values[1] + s.Values[2] + s.Values[3] + s.Values[4] is > 0 and var all ? new((s.Values[1] + s.Values[4]) / all) : current;
    public double ExpectedLogJoint(DenseStatistics s, Recombination parameters)
    {
        double sum = 0;
        for (int hidden = 0; hidden < 5; hidden++) sum += s.Values[hidden] == 0 ? 0 : s.Values[hidden] * parameters.LogJoint(hidden);
        return sum;
    }
    public double GlobalBound(Recombination parameters) => 0;
    public Guarantee Guarantee => Guarantee.Evidence;
    public IEStepKernel<ReadOnlySpan<Cell>, DenseStatistics> Prepare(Recombination parameters) => new Posterior(parameters);

    sealed class Posterior(Recombination parameters) : IEStepKernel<ReadOnlySpan<Cell>, DenseStatistics>
    {
        public LocalBound Accumulate(ReadOnlySpan<Cell> batch, DenseStatistics into)
        {
            double joint = 0, entropy = 0, evidence = 0;
            foreach ((int number, double count) in batch)
            {
                if (count == 0) continue;
                evidence += count * Math.Log(number switch { 0 => 0.5 + parameters.Theta / 4, 3 => parameters.Theta / 4, _ => (1 - parameters.Theta) / 4 });
                for (int hidden = number == 0 ? 0 : number + 1; hidden <= number + 1; hidden++)
                {
                    double q = number > 0 ? 1 : Math.Exp(parameters.LogJoint(hidden)) / (0.5 + parameters.Theta / 4);
                    if (q == 0) continue;
                    into.Values[hidden] += count * q;
                    joint += count * q * parameters.LogJoint(hidden);
                    entropy -= count * q * Math.Log(q);
                }
            }
            return new LocalBound(joint, entropy, evidence);
        }
    }
}
