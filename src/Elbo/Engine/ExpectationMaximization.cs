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
        options.Validate(executor.Guarantee);
        long began = options.TimeProvider.GetTimestamp();
        Accelerator? accelerator = Accelerator.Create(options.Acceleration);
        EmState<TParameters> state = start;
        EmState<TParameters>? mapped = null;
        Iterate<TParameters>? last = null;
        int rejected = 0;
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
            if (state.Move == Move.Proposal && mapped is not null)
            {
                bool accepted = IsAccepted(model, state, expected, last!.Iteration, options);
                accelerator!.Learn(accepted);
                if (!accepted)
                {
                    (state, mapped) = (mapped, null);
                    rejected++;
                    continue;
                }
            }

            Iteration iteration = Record(model, executor, state, expected, last?.Iteration, options) with
            {
                RejectedProposals = rejected,
                Elapsed = options.TimeProvider.GetElapsedTime(began),
            };
            StoppingVerdict verdict = options.Stop.Judge(ContextOf(iteration, state, accelerator is not null));
            iteration = iteration with { StopReason = ReasonToStop(iteration, verdict, options, cancellationToken) };
            last = new Iterate<TParameters>(state.Parameters, iteration);
            rejected = 0;
            yield return last;
            if (iteration.StopReason is not null) yield break;

            (state, mapped) = (Improve(model, state, expected, iteration, options.Stop.LongestStep > 0), null);
            // Where the end may be near, only an EM step can tell.
            if (accelerator is not null && verdict != StoppingVerdict.Confirm && !(state.Step <= options.Stop.LongestStep)
                && accelerator.Propose(last.Parameters, state.Parameters) is { } proposal)
            {
                (state, mapped) = (Proposed(model, state, expected, model.Constrain(proposal)), state);
            }
            beforeEStep?.Invoke(state);
        }
    }

    /// <summary>A proposal is kept if its objective is not below the last one's; with decreases allowed, if it is less than 1 nat below.</summary>
    static bool IsAccepted<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model, EmState<TParameters> state, EStepResult<TStatistics> expected, Iteration last, EmOptions options)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        double objective = expected.Bound.ExpectedLogJoint + expected.Bound.Entropy + model.GlobalBound(state.Parameters);
        return objective >= last.Objective - (options.AllowTemporaryDecrease ? 1 : 0);
    }

    static Iteration Record<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model, IExecutor<TParameters, TStatistics> executor, EmState<TParameters> state,
        EStepResult<TStatistics> expected, Iteration? last, EmOptions options)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        double globalBound = model.GlobalBound(state.Parameters);
        Certificate.CheckNumber(state.Number, EmStep.Expectation, "global bound", globalBound);
        double scale = expected.Magnitude + model.Magnitude(expected.Statistics, state.Parameters) + Math.Abs(globalBound) + 1;
        Certificate.CheckDecomposition(state.Number, executor.Guarantee, expected.Bound, model.ExpectedLogJoint(expected.Statistics, state.Parameters), scale);
        var own = new HalfStep(expected.Bound.ExpectedLogJoint, expected.Bound.Entropy, globalBound, expected.Bound.LogEvidence);
        if (state.MStep is { } before && executor.Guarantee != Guarantee.None)
            Certificate.CheckAscent(state.Number, EmStep.Expectation, before.Elbo, own.Elbo, scale);
        bool mayFall = state.Move == Move.Proposal && options.AllowTemporaryDecrease;
        if (state.Move == Move.Proposal && !mayFall && last is not null)
            Certificate.CheckAscent(state.Number, EmStep.Expectation, last.Objective, own.Elbo, scale);
        return new Iteration
        {
            Number = state.Number,
            Segment = options.Segment,
            Guarantee = mayFall ? Guarantee.None : executor.Guarantee,
            Move = state.MStep is null ? Move.Start : state.Move,
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
        IModel<TParameters, TStatistics> model, EmState<TParameters> state, EStepResult<TStatistics> expected, Iteration iteration, bool measure)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters next = model.Maximize(expected.Statistics, state.Parameters);
        var maximized = new HalfStep(model.ExpectedLogJoint(expected.Statistics, next), expected.Bound.Entropy, model.GlobalBound(next), null);
        Certificate.CheckAscent(state.Number + 1, EmStep.Maximization, iteration.Objective, maximized.Elbo, iteration.Scale);
        return new EmState<TParameters>(state.Number + 1, next, iteration.Own, maximized, Move.Map)
        {
            Step = measure ? ParameterPacking.Distance(state.Parameters, next) : null,
            PreviousChange = iteration.Move == Move.Map ? iteration.Change : null,
        };
    }

    /// <summary>The state at a proposal in place of the EM step; its half-step tells L(q, θ'), which nothing is asserted of.</summary>
    static EmState<TParameters> Proposed<TParameters, TStatistics>(
        IModel<TParameters, TStatistics> model, EmState<TParameters> mapped, EStepResult<TStatistics> expected, TParameters proposal)
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics> =>
        mapped with
        {
            Parameters = proposal,
            MStep = new HalfStep(model.ExpectedLogJoint(expected.Statistics, proposal), expected.Bound.Entropy, model.GlobalBound(proposal), null),
            Move = Move.Proposal,
            Step = null,
        };

    static StoppingContext ContextOf<TParameters>(Iteration iteration, EmState<TParameters> state, bool isAccelerated) =>
        new(iteration.Change, state.PreviousChange, iteration.Scale, state.Step, iteration.Move == Move.Map, isAccelerated);

    static StopReason? ReasonToStop(Iteration iteration, StoppingVerdict verdict, EmOptions options, CancellationToken cancellationToken)
    {
        if (verdict == StoppingVerdict.Stop) return StopReason.Converged;
        if (options.StopWhenBoundFalls && iteration.RelativeChange < -Certificate.AscentTolerance) return StopReason.BoundFell;
        if (iteration.Number >= options.MaximumIterations) return StopReason.IterationLimit;
        if (cancellationToken.IsCancellationRequested) return StopReason.Cancelled;
        if (iteration.Elapsed >= options.TimeLimit) return StopReason.TimeLimit;
        return null;
    }
}
