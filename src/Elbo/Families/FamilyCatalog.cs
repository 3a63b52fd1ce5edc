using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The families by name: where the command line and model files find them.</summary>
public static class FamilyCatalog
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["poisson"];

    /// <summary>Sets a family up for a table.</summary>
    /// <exception cref="ArgumentException">There is no family of that name, an option does not fit it, or the rows do not.</exception>
    public static AnyFamily Create(FamilyOptions options, ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(table);
        return options.Name switch
        {
            "poisson" => AnyFamily.Of(new Poisson(options.Prior ? new GammaPrior(1.5, 0.5 / Math.Max(1e-12, ColumnMoments.Means(table).Average())) : null)),
            _ => throw Unknown(options.Name),
        };
    }

    /// <summary>The family that a file names, with the settings it had.</summary>
    /// <exception cref="InvalidDataException">There is no family of that name, or a setting is missing or wrong.</exception>
    public static AnyFamily Read(string name, IReadOnlyDictionary<string, string> settings) => name switch
    {
        "poisson" => AnyFamily.Of(new Poisson(GammaPrior.Read(settings))),
        _ => throw new InvalidDataException(Unknown(name).Message),
    };

    static ArgumentException Unknown(string name) => new($"There is no family '{name}'. There are: {string.Join(", ", Names)}.");
}
