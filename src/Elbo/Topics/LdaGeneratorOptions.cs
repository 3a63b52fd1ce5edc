namespace Elbo.Topics;

/// <summary>The model that documents are drawn from. By default its topics are sharp and its documents long, so that a fit can recover them.</summary>
public sealed record LdaGeneratorOptions
{
    // Longer documents would be no documents; and the length's distribution must fit into a table.
    const int MaximumLength = 1 << 24;

    /// <summary>K, the number of topics, ≥ 1.</summary>
    public int Topics { get; init; } = 20;

    /// <summary>V, the number of terms, ≥ 1.</summary>
    public int Terms { get; init; } = 1000;

    /// <summary>Tokens a document on average, ≥ 1: each has 1 and a Poisson number more.</summary>
    public int Length { get; init; } = 300;

    /// <summary>α, above 0: the concentration of a document's topic proportions, for each topic. Null is 1/K: documents have few topics, however many there are.</summary>
    public double? Alpha { get; init; }

    /// <summary>η, above 0: the concentration of a topic's terms. Null is 50/V: topics are carried by about 50 terms, however many there are.</summary>
    public double? Eta { get; init; }

    /// <summary>The seed; the same seed gives the same bits. 0 is an ordinary seed.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        if (Topics < 1) throw new ArgumentOutOfRangeException(nameof(Topics), Topics, "The number of topics must be 1 or more.");
        if (Terms < 1) throw new ArgumentOutOfRangeException(nameof(Terms), Terms, "The number of terms must be 1 or more.");
        if (Length is < 1 or > MaximumLength) throw new ArgumentOutOfRangeException(nameof(Length), Length, $"The mean length of documents must be from 1 to {MaximumLength} tokens.");
        if (Alpha is not (null or >= 1e-100 and <= 1e100)) throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "α must be from 1e-100 to 1e100.");
        if (Eta is not (null or >= 1e-100 and <= 1e100)) throw new ArgumentOutOfRangeException(nameof(Eta), Eta, "η must be from 1e-100 to 1e100.");
        if ((long)Terms * Topics > Array.MaxLength)
            throw new ArgumentException($"{Terms} terms × {Topics} topics are more than the {Array.MaxLength} values that a table can hold. Take fewer topics, or fewer terms.");
    }
}
