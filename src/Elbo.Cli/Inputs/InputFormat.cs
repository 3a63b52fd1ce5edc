using Elbo.Files;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>What an input holds.</summary>
enum InputFormat
{
    /// <summary>By its name.</summary>
    Auto,
    Text,
    Jsonl,
    Csv,
    Tsv,
    Parquet,
    LdaC,
    Uci,
    Elboc,
}

static class InputFormats
{
    /// <summary>As users write them.</summary>
    public static readonly (string Name, InputFormat Format)[] Names =
    [
        ("auto", InputFormat.Auto), ("text", InputFormat.Text), ("jsonl", InputFormat.Jsonl), ("csv", InputFormat.Csv), ("tsv", InputFormat.Tsv),
        ("parquet", InputFormat.Parquet), ("lda-c", InputFormat.LdaC), ("uci", InputFormat.Uci), ("elboc", InputFormat.Elboc),
    ];

    public static bool IsText(this InputFormat format) => format is InputFormat.Auto or InputFormat.Text or InputFormat.Jsonl or InputFormat.Csv or InputFormat.Tsv or InputFormat.Parquet;

    /// <summary>The format as the text sources call it; Auto lets each file of a pattern tell.</summary>
    public static TextFormat ToTextFormat(this InputFormat format) => format switch
    {
        InputFormat.Auto => TextFormat.Auto,
        InputFormat.Text => TextFormat.Text,
        InputFormat.Jsonl => TextFormat.Json,
        InputFormat.Csv => TextFormat.Csv,
        InputFormat.Tsv => TextFormat.Tsv,
        InputFormat.Parquet => TextFormat.Parquet,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This is no format of text."),
    };

    /// <summary>What a path holds, by its name; Auto for patterns, whose files tell one by one.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">It cannot be told.</exception>
    public static InputFormat Detect(string path)
    {
        if (Directory.Exists(path)) return InputFormat.Text;
        if (!File.Exists(path))
        {
            return path.AsSpan().ContainsAny('*', '?') ? InputFormat.Auto
                : throw new FileNotFoundException($"Cannot read '{path}': there is no such file or folder.", path);
        }
        return OfName(path) ?? (IsElboFile(path) ? InputFormat.Elboc : throw new InvalidDataException(
            $"Cannot tell by its name what '{path}' holds. Say it with --format: {string.Join(", ", Names.Skip(1).Select(name => name.Name))}."));
    }

    /// <summary>The format that a file's name tells, or null.</summary>
    public static InputFormat? OfName(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        if (name.EndsWith(".gz", StringComparison.Ordinal)) name = name[..^3];
        string extension = Path.GetExtension(name);
        if (name.StartsWith("docword", StringComparison.Ordinal) && extension == ".txt") return InputFormat.Uci;
        return extension switch
        {
            ".txt" or ".md" or ".text" => InputFormat.Text,
            ".jsonl" or ".ndjson" or ".json" => InputFormat.Jsonl,
            ".csv" => InputFormat.Csv,
            ".tsv" or ".tab" => InputFormat.Tsv,
            ".parquet" or ".pq" => InputFormat.Parquet,
            ".ldac" or ".dat" => InputFormat.LdaC,
            ".elboc" => InputFormat.Elboc,
            _ => null,
        };
    }

    static bool IsElboFile(string path)
    {
        try
        {
            return ElboFile.FormatOf(path) == ElboFile.Corpus;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
