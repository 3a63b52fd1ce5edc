using Elbo.Engine;

namespace Elbo.Tests.Engine;

/// <summary>θ is a number.</summary>
sealed class Point(double value) : ITensors<Point>
{
    public double Value => value;

    public void Describe(ITensorVisitor visitor) => visitor.Visit("value", [], [value], TensorConstraint.Real);

    public static Point FromTensors(TensorSet tensors) => new(tensors.Doubles("value", TensorConstraint.Real)[0]);
}

/// <summary>
/// A run whose every number is written down: θ_t = t, and functions of t give the parts of the bound. As it stands all laws hold: the objective
/// is −100, −50, −25, …, and each M-step makes half of the iteration's gain.
/// </summary>
sealed record Script
{
    public Guarantee Guarantee { get; init; } = Guarantee.Evidence;
    public Func<int, double> Joint { get; init; } = t => Objective(t) - 2;
    public Func<int, double> Entropy { get; init; } = _ => 2;
    public Func<int, double?>? Evidence { get; init; }
    public Func<int, double> Global { get; init; } = _ => 0;

    /// <summary>What the M-step after E-step t gains.</summary>
    public Func<int, double> Gain { get; init; } = t => (Objective(t + 1) - Objective(t)) / 2;

    /// <summary>By how much the model's joint is off from the kernel's.</summary>
    public Func<int, double> ModelError { get; init; } = _ => 0;

    /// <summary>Called before E-step t, with the token.</summary>
    public Action<int, CancellationToken> OnEStep { get; init; } = (_, _) => { };

    public static double Objective(int t) => -100 * Math.Pow(0.5, t);
}

sealed class ScriptedModel(Script script) : IModel<Point, DenseStatistics>, IExecutor<Point, DenseStatistics>
{
    public Guarantee Guarantee => script.Guarantee;

    public IReadOnlyList<string> TermNames => [];

    public DenseStatistics CreateStatistics(Point current) => new(1);

    public Point Maximize(DenseStatistics statistics, Point current) => new(current.Value + 1);

    public double ExpectedLogJoint(DenseStatistics statistics, Point parameters)
    {
        int eStep = (int)statistics.Values[0];
        return script.Joint(eStep) + (parameters.Value == eStep ? script.ModelError(eStep) : script.Gain(eStep));
    }

    public double GlobalBound(Point parameters) => script.Global((int)parameters.Value);

    public ValueTask<EStepResult<DenseStatistics>> ExpectAsync(Point parameters, CancellationToken cancellationToken)
    {
        int t = (int)parameters.Value;
        script.OnEStep(t, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var statistics = new DenseStatistics(1);
        statistics.Values[0] = t;
        double joint = script.Joint(t), entropy = script.Entropy(t);
        double? evidence = script.Evidence is null ? joint + entropy : script.Evidence(t);
        return new(new EStepResult<DenseStatistics>(statistics, new LocalBound(joint, entropy, evidence), Math.Abs(joint) + Math.Abs(entropy)));
    }

    public static async Task<List<Iterate<Point>>> RunAsync(Script script, EmOptions? options = null, Action<EmState<Point>>? beforeEStep = null, CancellationToken cancellationToken = default)
    {
        var model = new ScriptedModel(script);
        List<Iterate<Point>> run = [];
        options ??= new EmOptions { MaximumIterations = 4, Stop = StoppingRule.Never };
        await foreach (Iterate<Point> iterate in ExpectationMaximization.RunAsync(model, model, new EmState<Point>(0, new Point(0)), options, beforeEStep, cancellationToken))
            run.Add(iterate);
        return run;
    }
}

/// <summary>A clock that goes when it is told to.</summary>
sealed class ManualTime : TimeProvider
{
    long _ticks;

    public void Advance(TimeSpan time) => _ticks += time.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;
}
