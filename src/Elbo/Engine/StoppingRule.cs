using System.Globalization;

namespace Elbo.Engine;

/// <summary>
/// When a run has converged: a value, combined with <c>&amp;</c> and <c>|</c>. A rule keeps nothing between iterations. Immutable.
/// </summary>
/// <remarks>
/// Rules are judged at EM steps θ_t = M(θ_t−1) only. A proposal of an <see cref="Acceleration"/> may change little by accident; where a rule holds after one,
/// the next move is an EM step, which decides.
/// </remarks>
public abstract record StoppingRule
{
    private protected StoppingRule()
    {
    }

    /// <summary>Runs to its limits: no rule ever holds.</summary>
    public static StoppingRule Never { get; } = new ObjectiveRule(0);

    /// <summary>|change of the objective| ≤ <paramref name="tolerance"/> × <see cref="Iteration.Scale"/>; a tolerance of 0 never holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is below 0 or NaN.</exception>
    public static StoppingRule RelativeObjective(double tolerance) => new ObjectiveRule(Checked(tolerance));

    /// <summary>
    /// The Euclidean length of the EM step, ‖M(θ) − θ‖ in natural coordinates (<see cref="ParameterPacking.Natural"/>), ≤ <paramref name="tolerance"/>; a tolerance of 0 never holds.
    /// It is never the length of a proposal.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is below 0 or NaN.</exception>
    public static StoppingRule ParameterNorm(double tolerance) => new NormRule(Checked(tolerance));

    /// <summary>
    /// Aitken's estimate of what is left to climb, l_∞ − l_t = a/(1 − a) (l_t − l_t−1) with a = (l_t − l_t−1) / (l_t−1 − l_t−2), is ≤ <paramref name="tolerance"/> × <see cref="Iteration.Scale"/>
    /// (Böhning et al. 1994; McNicholas et al. 2010). For a ≥ 1 there is no estimate and the rule does not hold; for a &lt; 0 (rounding, or falls) the change itself is judged. A tolerance of 0 never holds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is below 0 or NaN.</exception>
    public static StoppingRule Aitken(double tolerance) => new AitkenRule(Checked(tolerance));

    /// <summary>Both hold.</summary>
    public static StoppingRule operator &(StoppingRule left, StoppingRule right) => new BothRule(left, right);

    /// <summary>At least one holds.</summary>
    public static StoppingRule operator |(StoppingRule left, StoppingRule right) => new EitherRule(left, right);

    /// <summary>The same as the operator &amp;.</summary>
    public StoppingRule BitwiseAnd(StoppingRule other) => this & other;

    /// <summary>The same as the operator |.</summary>
    public StoppingRule BitwiseOr(StoppingRule other) => this | other;

    /// <summary>The rule in words, with its tolerance.</summary>
    public sealed override string ToString() => Words;

    /// <summary>The rule as <see cref="Parse"/> reads it, <c>relative:1E-08 and parameters:1E-06</c>: an equal rule comes back.</summary>
    public abstract string ToNotation();

    /// <summary>
    /// Reads a rule: <c>relative:</c>, <c>parameters:</c> or <c>aitken:</c> with a tolerance, or <c>never</c>; joined by <c>and</c>, which binds more tightly, and <c>or</c>; with brackets.
    /// </summary>
    /// <exception cref="FormatException">It is no rule; the message says what was expected.</exception>
    public static StoppingRule Parse(string text) => StoppingRuleNotation.Read(text);

    /// <summary>The longest EM step at which the rule may hold; 0 where it does not look at steps, which then need not be measured.</summary>
    internal virtual double LongestStep => 0;

    internal abstract string Words { get; }

    internal abstract StoppingVerdict Judge(in StoppingContext context);

    /// <summary>Those of the combined rules that hold, in words.</summary>
    internal virtual string Fired(in StoppingContext context) => Words;

    static string Inner(StoppingRule rule, bool needsBrackets) => needsBrackets ? $"({rule.ToNotation()})" : rule.ToNotation();

    static double Checked(double tolerance) => tolerance >= 0 ? tolerance
        : throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be 0 or more.");

    static string Say(string what, double tolerance) => string.Create(CultureInfo.InvariantCulture, $"{what} ≤ {tolerance:R}");

    sealed record ObjectiveRule(double Tolerance) : StoppingRule
    {
        internal override string Words => Say("relative change of the objective", Tolerance);

        public override string ToNotation() => StoppingRuleNotation.Write("relative", Tolerance);

        internal override StoppingVerdict Judge(in StoppingContext context) =>
            Tolerance > 0 && context.Change is { } change && Math.Abs(change / context.Scale) <= Tolerance ? context.Positive : StoppingVerdict.GoOn;
    }

    sealed record NormRule(double Tolerance) : StoppingRule
    {
        internal override double LongestStep => Tolerance;

        internal override string Words => Say("length of the EM step", Tolerance);

        public override string ToNotation() => StoppingRuleNotation.Write("parameters", Tolerance);

        internal override StoppingVerdict Judge(in StoppingContext context) => Tolerance > 0 && context.Step <= Tolerance ? StoppingVerdict.Stop : StoppingVerdict.GoOn;
    }

    sealed record AitkenRule(double Tolerance) : StoppingRule
    {
        internal override string Words => Say("what Aitken's rule expects still to be climbed, relative to the scale,", Tolerance);

        public override string ToNotation() => StoppingRuleNotation.Write("aitken", Tolerance);

        internal override StoppingVerdict Judge(in StoppingContext context)
        {
            if (Tolerance == 0 || context.Change is not { } change) return StoppingVerdict.GoOn;
            double tolerated = Tolerance * context.Scale;
            // Two EM steps in a row are needed; after a proposal they are made where the end seems near.
            if (!context.IsMap || context.PreviousChange is not { } previous)
                return context.IsAccelerated && Math.Abs(change) <= tolerated ? StoppingVerdict.Confirm : StoppingVerdict.GoOn;
            double ratio = change == 0 ? 0 : change / previous;
            bool holds = ratio < 0 ? Math.Abs(change) <= tolerated : ratio < 1 && Math.Abs(change * ratio / (1 - ratio)) <= tolerated;
            return holds ? StoppingVerdict.Stop : StoppingVerdict.GoOn;
        }
    }

    sealed record BothRule(StoppingRule Left, StoppingRule Right) : StoppingRule
    {
        internal override double LongestStep => Math.Max(Left.LongestStep, Right.LongestStep);

        internal override string Words => $"({Left.Words} and {Right.Words})";

        public override string ToNotation() => $"{Inner(Left, Left is EitherRule)} and {Inner(Right, Right is EitherRule or BothRule)}";

        internal override StoppingVerdict Judge(in StoppingContext context) => (StoppingVerdict)Math.Min((int)Left.Judge(context), (int)Right.Judge(context));
    }

    sealed record EitherRule(StoppingRule Left, StoppingRule Right) : StoppingRule
    {
        internal override double LongestStep => Math.Max(Left.LongestStep, Right.LongestStep);

        internal override string Words => $"({Left.Words} or {Right.Words})";

        public override string ToNotation() => $"{Left.ToNotation()} or {Inner(Right, Right is EitherRule)}";

        internal override StoppingVerdict Judge(in StoppingContext context) => (StoppingVerdict)Math.Max((int)Left.Judge(context), (int)Right.Judge(context));

        internal override string Fired(in StoppingContext context)
        {
            bool left = Left.Judge(context) == StoppingVerdict.Stop, right = Right.Judge(context) == StoppingVerdict.Stop;
            return left && right ? $"{Left.Fired(context)} and {Right.Fired(context)}" : left ? Left.Fired(context) : Right.Fired(context);
        }
    }
}

/// <summary>What a rule says after an iteration.</summary>
enum StoppingVerdict
{
    GoOn,

    /// <summary>It may hold; an EM step must be made to tell.</summary>
    Confirm,

    Stop,
}

/// <summary>What a rule may look at after an iteration.</summary>
/// <param name="Change">l_t − l_t−1, null for a start.</param>
/// <param name="PreviousChange">l_t−1 − l_t−2 where that was an EM step, else null.</param>
/// <param name="Scale">The scale of rounding errors.</param>
/// <param name="Step">The length of the EM step that led here, null where it is not measured or another move led here.</param>
/// <param name="IsMap">Whether an EM step led here.</param>
/// <param name="IsAccelerated">Whether proposals are made.</param>
readonly record struct StoppingContext(double? Change, double? PreviousChange, double Scale, double? Step, bool IsMap, bool IsAccelerated)
{
    /// <summary>What a rule that holds says.</summary>
    public StoppingVerdict Positive => IsMap ? StoppingVerdict.Stop : StoppingVerdict.Confirm;
}
