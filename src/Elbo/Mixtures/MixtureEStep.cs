using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Mixtures;

/// <summary>
/// The E-step of a mixture. Exact: q(z = k) ∝ π_k p(x | k) (Bishop 2006, eq. 9.23). Hard: all of q on the likeliest component (classification EM,
/// Celeux and Govaert 1992), the first among equals. Rows whose responsibilities are known keep them.
/// </summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
/// <typeparam name="TStatistics">The components' statistics.</typeparam>
/// <param name="family">The family.</param>
/// <param name="hard">Whether q is a single assignment.</param>
public sealed class MixtureEStep<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, bool hard = false)
    : IEStep<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>Whether q is a single assignment.</summary>
    public bool IsHard => hard;

    /// <inheritdoc/>
    public Guarantee Guarantee => hard ? Guarantee.Surrogate : Guarantee.Evidence;

    /// <inheritdoc/>
    public IEStepKernel<ObservationBatch, MixtureStatistics<TStatistics>> Prepare(MixtureParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new Kernel(new MixturePosterior<TStatistics>(parameters.Weights, family.Prepare(parameters.Components)), hard);
    }

    sealed class Kernel(MixturePosterior<TStatistics> posterior, bool hard) : IEStepKernel<ObservationBatch, MixtureStatistics<TStatistics>>
    {
        double[] _values = [];

        public LocalBound Accumulate(ObservationBatch batch, MixtureStatistics<TStatistics> into)
        {
            if (_values.Length < batch.Columns * RowBlock.Capacity) _values = new double[batch.Columns * RowBlock.Capacity];
            int components = posterior.Components;
            var sum = new LocalBound(0, 0, 0);
            for (int first = 0; first < batch.Count; first += RowBlock.Capacity)
            {
                int count = Math.Min(RowBlock.Capacity, batch.Count - first);
                RowBlock block = RowBlock.Transpose(batch.Values.Slice(first * batch.Columns, count * batch.Columns), batch.Columns, _values);
                posterior.Find(block);
                if (hard) posterior.Harden(count);
                if (!batch.Responsibilities.IsEmpty) posterior.Fix(batch.Responsibilities.Slice(first * components, count * components), count);
                sum += posterior.Accumulate(block, batch.Weights.IsEmpty ? default : batch.Weights.Slice(first, count), into);
            }
            return sum;
        }
    }
}
