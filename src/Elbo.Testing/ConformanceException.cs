using System.Globalization;

namespace Elbo.Testing;

/// <summary>A model broke a law.</summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(ConformanceLaw law, string model, ulong seed, string what, double? amount = null, double? scale = null)
        : base(Describe(law, model, seed, what, amount, scale))
    {
        Law = law;
        Model = model;
        Seed = seed;
        Amount = amount;
    }

    /// <summary>The law.</summary>
    public ConformanceLaw Law { get; }

    /// <summary>The subject's name.</summary>
    public string Model { get; }

    /// <summary>The case: the seed of its start.</summary>
    public ulong Seed { get; }

    /// <summary>By how much the law is broken (nats, or bytes for <see cref="ConformanceLaw.Allocation"/>), or null where two things merely differ.</summary>
    public double? Amount { get; }

    static string Describe(ConformanceLaw law, string model, ulong seed, string what, double? amount, double? scale)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"Law '{law}', model '{model}', start {seed}: {what}");
        if (amount is not null) text += string.Create(CultureInfo.InvariantCulture, $" Off by {amount:G6}{(law == ConformanceLaw.Allocation ? " bytes" : " nats")}");
        if (scale is not null) text += string.Create(CultureInfo.InvariantCulture, $" at a scale of {scale:G6}");
        return amount is null ? text : text + ".";
    }
}
