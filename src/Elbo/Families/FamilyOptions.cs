namespace Elbo.Families;

/// <summary>A family by its name, and how it is to be set up for a table. What is left null is chosen from the data or left out.</summary>
public sealed record FamilyOptions
{
    /// <summary>The name: one of <see cref="FamilyCatalog.Names"/>.</summary>
    public string Name { get; init; } = "gaussian";

    /// <summary>The covariance of a Gaussian: full, diagonal, spherical or tied.</summary>
    public string Covariance { get; init; } = "full";

    /// <summary>Whether the family's usual prior is used, scaled by the data (maximum a posteriori).</summary>
    public bool Prior { get; init; }

    /// <summary>The least variance (or its like) that a component may have; null takes 1e-6 of each column's.</summary>
    public double? Floor { get; init; }

    /// <summary>The degrees of freedom of a Student-t; null estimates them.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>Whether the last component is uniform noise over the box of the data.</summary>
    public bool Noise { get; init; }

    /// <summary>Where above 1, every component is itself a mixture of so many.</summary>
    public int EmissionComponents { get; init; } = 1;

    internal void Validate()
    {
        bool gaussian = Name == "gaussian";
        if (Floor is { } floor && !(floor > 0 && double.IsFinite(floor))) throw new ArgumentException($"The floor is {floor}; it must be above 0.");
        if (Floor is not null && Name is not ("gaussian" or "exponential" or "gamma" or "student-t" or "regression")) throw new ArgumentException($"The family '{Name}' needs no floor.");
        if (!gaussian && !Covariance.Equals("full", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"The family '{Name}' has no covariance to choose.");
        if (DegreesOfFreedom is not null && Name != "student-t") throw new ArgumentException($"The family '{Name}' has no degrees of freedom.");
        if (EmissionComponents < 1) throw new ArgumentException($"A component cannot be a mixture of {EmissionComponents}.");
    }
}
