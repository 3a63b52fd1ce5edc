using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Families;

/// <summary>A Gamma(shape, rate) prior on a positive parameter x: log p = shape ln rate − ln Γ(shape) + (shape − 1) ln x − rate x.</summary>
public sealed record GammaPrior
{
    const string ShapeKey = "prior_shape", RateKey = "prior_rate";

    /// <summary>The prior.</summary>
    /// <param name="shape">≥ 1, so that the density has its mode inside.</param>
    /// <param name="rate">Above 0.</param>
    public GammaPrior(double shape, double rate)
    {
        if (!(shape >= 1 && double.IsFinite(shape))) throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape of a Gamma prior must be 1 or more.");
        if (!(rate > 0 && double.IsFinite(rate))) throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate of a Gamma prior must be above 0.");
        Shape = shape;
        Rate = rate;
    }

    /// <summary>≥ 1.</summary>
    public double Shape { get; }

    /// <summary>Above 0.</summary>
    public double Rate { get; }

    /// <summary>log p(x) in nats.</summary>
    public double LogDensity(double x) => Shape * Math.Log(Rate) - SpecialFunctions.LogGamma(Shape) + (Shape - 1) * Math.Log(x) - Rate * x;

    internal static IReadOnlyDictionary<string, string> Write(GammaPrior? prior) => prior is null
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { [ShapeKey] = Properties.Write(prior.Shape), [RateKey] = Properties.Write(prior.Rate) };

    internal static GammaPrior? Read(IReadOnlyDictionary<string, string> settings) =>
        settings.ContainsKey(ShapeKey) ? new GammaPrior(Properties.ReadDouble(settings, ShapeKey), Properties.ReadDouble(settings, RateKey)) : null;
}
