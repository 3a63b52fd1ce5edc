using System.Runtime.CompilerServices;

namespace Elbo.Engine;

/// <summary>
/// The loop: E-step, M-step, and after each the certificate. A run always ends with an E-step, so that the last parameters carry their own objective.
/// </summary>
public static class ExpectationMaximization
{
    /// <summary>
    /// Runs EM from a state, one iterate after another; the last one has its <see cref="Iteration.StopReason"/>.
    /// </summary>
    /// <remarks>
    /// Cancelled during an E-step, it gives the last whole iteration once more, with <see cref="StopReason.Cancelled"/>.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="executor">Runs its E-steps.</param>
    /// <param name="start">θ₀, or a state to go on from.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <param name="beforeEStep">Called with the state before every E-step but the first of the run: the moment for a checkpoint.</param>
    /// <param name="cancellationToken">Ends the run with the best so far.</param>
    /// <exception cref="CertificateException">A half-step broke a law of EM.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the start had an objective.</exception>
    public static async IAsyncEnumerable<Iterate<TParameters>> RunAsync<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model,
        IExecutor<TParameters, TStatistics> executor,
        EmState<TParameters> start,
        EmOptions options,
        Action<EmState<TParameters>>? beforeEStep = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(executor);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        long began = options.TimeProvider.GetTimestamp();
        EmState<TParameters> state = start;
        Iterate<TParameters>? last = null;
        while (true)
        {
            EStepResult<TStatistics>? expected = null;
            try
            {
                expected = await executor.ExpectAsync(state.Parameters, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (last is not null && cancellationToken.IsCancellationRequested)
            {
            }
            if (expected is null)
            {
                yield return last! with { Iteration = last.Iteration with { StopReason = StopReason.Cancelled } };
                yield break;
            }

            Iteration iteration = Record(model, executor, state, expected, last?.Iteration, options) with
            {
                Elapsed = options.TimeProvider.GetElapsedTime(began),
            };
            iteration = iteration with { StopReason = ReasonToStop(iteration, options, cancellationToken) };
            last = new Iterate<TParameters>(state.Parameters, iteration);
            yield return last;
            if (iteration.StopReason is not null) yield break;

            state = Improve(model, state, expected, iteration);
            beforeEStep?.Invoke(state);
        }
    }

    static Iteration Record<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model, IExecutor<TParameters, TStatistics> executor, EmState<TParameters> state,
        EStepResult<TStatistics> expected, Iteration? last, EmOptions options)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        double globalBound = model.GlobalBound(state.Parameters);
        Certificate.CheckNumber(state.Number, EmStep.Expectation, "global bound", globalBound);
        double scale = expected.Magnitude + Math.Abs(globalBound) + 1;
        Certificate.CheckDecomposition(state.Number, executor.Guarantee, expected.Bound, model.ExpectedLogJoint(expected.Statistics, state.Parameters), scale);
        var own = new HalfStep(expected.Bound.ExpectedLogJoint, expected.Bound.Entropy, globalBound, expected.Bound.LogEvidence);
        if (state.MStep is { } before && executor.Guarantee != Guarantee.None)
            Certificate.CheckAscent(state.Number, EmStep.Expectation, before.Elbo, own.Elbo, scale);
        return new Iteration
        {
            Number = state.Number,
            Segment = options.Segment,
            Guarantee = executor.Guarantee,
            EStep = state.EStep,
            MStep = state.MStep is { } maximized ? maximized with { LogEvidence = own.LogEvidence } : null,
            Own = own,
            Terms = expected.Bound.Terms,
            Scale = scale,
            Change = own.Elbo - (last?.Objective ?? state.EStep?.Elbo),
            Elapsed = TimeSpan.Zero,
        };
    }

    static EmState<TParameters> Improve<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model, EmState<TParameters> state, EStepResult<TStatistics> expected, Iteration iteration)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters next = model.Maximize(expected.Statistics, state.Parameters);
        var maximized = new HalfStep(model.ExpectedLogJoint(expected.Statistics, next), expected.Bound.Entropy, model.GlobalBound(next), null);
        Certificate.CheckAscent(state.Number + 1, EmStep.Maximization, iteration.Objective, maximized.Elbo, iteration.Scale);
        return new EmState<TParameters>(state.Number + 1, next, iteration.Own, maximized);
    }

    static StopReason? ReasonToStop(Iteration iteration, EmOptions options, CancellationToken cancellationToken)
    {
        if (iteration.RelativeChange is { } change && options.RelativeTolerance > 0 && Math.Abs(change) <= options.RelativeTolerance) return StopReason.Converged;
        if (options.StopWhenBoundFalls && iteration.RelativeChange < -Certificate.AscentTolerance) return StopReason.BoundFell;
        if (iteration.Number >= options.MaximumIterations) return StopReason.IterationLimit;
        if (cancellationToken.IsCancellationRequested) return StopReason.Cancelled;
        if (iteration.Elapsed >= options.TimeLimit) return StopReason.TimeLimit;
        return null;
    }
}
