using Elbo.Engine;
using Elbo.Families;
using Elbo.Observations;

namespace Elbo.HiddenMarkov;

/// <summary>
/// The E-step of a hidden Markov model. Exact: q(z_1 … z_T) = p(z_1 … z_T | x_1 … x_T) by the forward–backward algorithm (Bishop 2006, section 13.2.2).
/// Hard: all of q on the likeliest path (Viterbi training). Rows whose state is known keep it: the log-evidence is then log p(x, known z).
/// </summary>
/// <remarks>
/// A batch holds whole sequences (<see cref="SequenceShards"/>), whose rows all have the sequence's weight. Memory: two numbers for each row and state.
/// A step that is impossible in every state is an <see cref="InvalidOperationException"/> that shows the row.
/// </remarks>
/// <typeparam name="TComponents">The parameters of what the states emit.</typeparam>
/// <typeparam name="TStatistics">Their statistics.</typeparam>
/// <param name="family">What the states emit.</param>
/// <param name="hard">Whether q is a single path.</param>
public sealed class HiddenMarkovEStep<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, bool hard = false)
    : IEStep<ObservationBatch, HiddenMarkovParameters<TComponents>, HiddenMarkovStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    readonly ChainScratchPool _scratch = new();

    /// <summary>Whether q is a single path.</summary>
    public bool IsHard => hard;

    /// <inheritdoc/>
    public Guarantee Guarantee => hard ? Guarantee.Surrogate : Guarantee.Evidence;

    /// <inheritdoc/>
    public IEStepKernel<ObservationBatch, HiddenMarkovStatistics<TStatistics>> Prepare(HiddenMarkovParameters<TComponents> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var tables = new ChainTables(parameters.Initial, parameters.Transitions);
        return new Kernel(new SequencePosterior<TStatistics>(tables, family.Prepare(parameters.Components)), _scratch, hard);
    }

    sealed class Kernel(SequencePosterior<TStatistics> posterior, ChainScratchPool pool, bool hard) : IEStepKernel<ObservationBatch, HiddenMarkovStatistics<TStatistics>>
    {
        public LocalBound Accumulate(ObservationBatch batch, HiddenMarkovStatistics<TStatistics> into)
        {
            ChainScratch scratch = pool.Rent();
            try
            {
                return posterior.Accumulate(batch, scratch, hard, into);
            }
            finally
            {
                pool.Return(scratch);
            }
        }
    }
}
