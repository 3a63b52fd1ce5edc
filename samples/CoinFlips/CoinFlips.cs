using Elbo.Engine;

namespace CoinFlips;

// Somebody picks one of two coins by a fair draw, tosses it some times, and notes heads and tails but not the coin (Do & Batzoglou 2008).
public readonly record struct Session(int Heads, int Tails, double Weight = 1);

public sealed class Coins(params double[] heads) : ITensors<Coins>
{
    public IReadOnlyList<double> Heads => heads;
    public void Describe(ITensorVisitor visitor) => visitor.Visit("heads", [2, 2], [heads[0], 1 - heads[0], heads[1], 1 - heads[1]], TensorConstraint.Simplex);
    public static Coins FromTensors(TensorSet tensors)
    {
        double[] rows = tensors.Doubles("heads", TensorConstraint.Simplex, 2, 2);
        return new Coins(rows[0], rows[2]);
    }

    public double LogJoint(int coin, double sessions, double up, double down) => sessions * Math.Log(0.5) + Times(up, heads[coin]) + Times(down, 1 - heads[coin]);
    static double Times(double count, double probability) => count == 0 ? 0 : count * Math.Log(probability);
}

// The statistics are, for each coin, its expected sessions, heads and tails.
public sealed class CoinModel : IModel<Coins, DenseStatistics>, IEStep<ReadOnlySpan<Session>, Coins, DenseStatistics>
{
    public DenseStatistics CreateStatistics(Coins current) => new(6);
    public Coins Maximize(DenseStatistics s, Coins current) => new(Share(s.Values[1], s.Values[2], current.Heads[0]), Share(s.Values[4], s.Values[5], current.Heads[1]));
    static double Share(double up, double down, double unseen) => up + down > 0 ? up / (up + down) : unseen;
    public double ExpectedLogJoint(DenseStatistics s, Coins coins) =>
        coins.LogJoint(0, s.Values[0], s.Values[1], s.Values[2]) + coins.LogJoint(1, s.Values[3], s.Values[4], s.Values[5]);
    public double GlobalBound(Coins parameters) => 0;
    public Guarantee Guarantee => Guarantee.Evidence;
    public IEStepKernel<ReadOnlySpan<Session>, DenseStatistics> Prepare(Coins parameters) => new Posterior(parameters);
    sealed class Posterior(Coins coins) : IEStepKernel<ReadOnlySpan<Session>, DenseStatistics>
    {
        public LocalBound Accumulate(ReadOnlySpan<Session> batch, DenseStatistics into)
        {
            double joint = 0, entropy = 0, evidence = 0;
            foreach ((int heads, int tails, double weight) in batch)
            {
                if (weight == 0) continue;
                double first = coins.LogJoint(0, 1, heads, tails), second = coins.LogJoint(1, 1, heads, tails);
                double sum = Math.Max(first, second) + Math.Log(1 + Math.Exp(-Math.Abs(first - second)));
                evidence += weight * sum;
                for (int coin = 0; coin < 2; coin++)
                {
                    double log = coin == 0 ? first : second, q = Math.Exp(log - sum);
                    if (q == 0) continue;
                    joint += weight * q * log;
                    entropy -= weight * q * Math.Log(q);
                    into.Values[3 * coin] += weight * q;
                    into.Values[3 * coin + 1] += weight * q * heads;
                    into.Values[3 * coin + 2] += weight * q * tails;
                }
            }
            return new LocalBound(joint, entropy, evidence);
        }
    }
}
