using System.Globalization;
using Elbo.Engine;

namespace Elbo.Files;

/// <summary>
/// What all files of Elbo share: safetensors whose metadata say what the file is (<c>format</c>) and in which version (<c>format_version</c>).
/// </summary>
public static class ElboFile
{
    /// <summary>The format of a fitted model.</summary>
    public const string Model = "elbo-model";

    /// <summary>The format of a fit that was interrupted and can go on.</summary>
    public const string Checkpoint = "elbo-checkpoint";

    /// <summary>The format of a corpus.</summary>
    public const string Corpus = "elbo-corpus";

    /// <summary>The version that this Elbo writes and reads, for every format.</summary>
    public const int Version = 1;

    internal const string FormatKey = "format";
    internal const string VersionKey = "format_version";

    /// <summary>Writes a file in one step, with the format and its version added to the metadata.</summary>
    /// <exception cref="ArgumentException">The metadata have one of the two names, or text that is no Unicode.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string format, TensorSet tensors, IReadOnlyDictionary<string, string> metadata) =>
        SafeTensors.Write(path, tensors, Stamp(format, metadata));

    /// <summary>The same to a stream.</summary>
    /// <exception cref="ArgumentException">The metadata have one of the two names, or text that is no Unicode.</exception>
    public static void Write(Stream stream, string format, TensorSet tensors, IReadOnlyDictionary<string, string> metadata) =>
        SafeTensors.Write(stream, tensors, Stamp(format, metadata));

    /// <summary>Reads a file that must have the given format; the metadata come back as they were written.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file has another format or a newer version, is damaged, or is no file of Elbo.</exception>
    public static TensorFile Read(string path, string format)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, path, format);
    }

    /// <summary>The same from a stream that can seek, from its begin to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="InvalidDataException">The content has another format or a newer version, is damaged, or is not Elbo's.</exception>
    public static TensorFile Read(Stream stream, string name, string format)
    {
        // The header first: a corpus given for a model is then named as such, and not by a tensor that no model has.
        Expect(SafeTensors.ReadMetadata(stream, name), format, name);
        TensorFile file = SafeTensors.Read(stream, name);
        var metadata = new Dictionary<string, string>(file.Metadata, StringComparer.Ordinal);
        metadata.Remove(FormatKey);
        metadata.Remove(VersionKey);
        return file with { Metadata = metadata };
    }

    /// <summary>The format of a file: <see cref="Model"/>, <see cref="Checkpoint"/> or <see cref="Corpus"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no file of Elbo.</exception>
    public static string FormatOf(string path) => FormatOf(SafeTensors.ReadMetadata(path), path);

    internal static Dictionary<string, string> Stamp(string format, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new Dictionary<string, string>(metadata, StringComparer.Ordinal)
        {
            { FormatKey, format },
            { VersionKey, Version.ToString(CultureInfo.InvariantCulture) },
        };
    }

    internal static void Expect(IReadOnlyDictionary<string, string> metadata, string format, string path)
    {
        string found = FormatOf(metadata, path);
        if (found != format)
            throw new InvalidDataException($"'{path}' is {Describe(found)} where {Describe(format)} was expected.");
        if (!metadata.TryGetValue(VersionKey, out string? text))
            throw SafeTensorsHeaderReader.Bad(path, $"its metadata lack '{VersionKey}'");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw SafeTensorsHeaderReader.Bad(path, $"its '{VersionKey}' is '{text}', which is no version");
        if (version > Version)
            throw SafeTensorsHeaderReader.Bad(path, $"it has version {version} of the format '{format}', and this Elbo reads versions up to {Version}. Update Elbo");
    }

    static string FormatOf(IReadOnlyDictionary<string, string> metadata, string path) => metadata.TryGetValue(FormatKey, out string? format)
        ? format
        : throw SafeTensorsHeaderReader.Bad(path, $"it is a safetensors file that Elbo did not write (its metadata lack '{FormatKey}')");

    static string Describe(string format) => format switch
    {
        Model => "a model",
        Checkpoint => "a checkpoint",
        Corpus => "a corpus",
        _ => $"a file of the format '{format}'",
    };
}
