using Elbo.Families;
using Elbo.Files;

namespace Elbo.Fitting;

/// <summary>A family with its settings as strings, for model files and checkpoints.</summary>
static class FamilyProperties
{
    const string Prefix = "family.";

    public static void Write(AnyFamily family, Dictionary<string, string> into)
    {
        into["family"] = family.Name;
        foreach ((string name, string value) in family.Settings) into[Prefix + name] = value;
    }

    /// <param name="properties">What was written.</param>
    /// <param name="families">Makes a family of its name and settings; null knows those of <see cref="FamilyCatalog"/>.</param>
    public static AnyFamily Read(IReadOnlyDictionary<string, string> properties, Func<string, IReadOnlyDictionary<string, string>, AnyFamily>? families) =>
        (families ?? FamilyCatalog.Read)(Properties.Read(properties, "family"), Properties.Under(properties, Prefix));
}
