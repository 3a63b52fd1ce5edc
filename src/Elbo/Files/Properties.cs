using System.Globalization;
using Elbo.Numerics;

namespace Elbo.Files;

/// <summary>Values as the strings that a file's metadata hold, in invariant form; what is read is checked.</summary>
static class Properties
{
    public static string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Write(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Write(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Read(IReadOnlyDictionary<string, string> properties, string name) =>
        properties.TryGetValue(name, out string? text) ? text : throw new InvalidDataException($"The metadata lack '{name}'.");

    public static double ReadDouble(IReadOnlyDictionary<string, string> properties, string name) =>
        double.TryParse(Read(properties, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw Bad(properties, name, "a number");

    public static int ReadInt32(IReadOnlyDictionary<string, string> properties, string name) =>
        int.TryParse(Read(properties, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : throw Bad(properties, name, "a whole number");

    public static ulong ReadUInt64(IReadOnlyDictionary<string, string> properties, string name) =>
        ulong.TryParse(Read(properties, name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : throw Bad(properties, name, "a whole number of 0 or more");

    public static bool ReadBoolean(IReadOnlyDictionary<string, string> properties, string name) =>
        bool.TryParse(Read(properties, name), out bool value) ? value : throw Bad(properties, name, "True or False");

    public static TEnum ReadEnum<TEnum>(IReadOnlyDictionary<string, string> properties, string name) where TEnum : struct, Enum =>
        Enum.TryParse(Read(properties, name), out TEnum value) && Enum.IsDefined(value) ? value : throw Bad(properties, name, $"one of {string.Join(", ", Enum.GetNames<TEnum>())}");

    public static KernelProfile ReadKernelProfile(IReadOnlyDictionary<string, string> properties, string name)
    {
        foreach (KernelProfile profile in Enum.GetValues<KernelProfile>())
            if (KernelProfiles.Name(profile) == Read(properties, name)) return profile;
        throw Bad(properties, name, "a kernel profile");
    }

    /// <summary>Those whose names begin with a prefix, under what follows it.</summary>
    public static Dictionary<string, string> Under(IReadOnlyDictionary<string, string> properties, string prefix) =>
        properties.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    static InvalidDataException Bad(IReadOnlyDictionary<string, string> properties, string name, string expected) =>
        new($"The metadata have '{properties[name]}' for '{name}' where {expected} was expected.");
}
