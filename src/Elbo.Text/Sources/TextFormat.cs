namespace Elbo.Text;

/// <summary>What a file holds.</summary>
public enum TextFormat
{
    /// <summary>By the file's extension (before <c>.gz</c>): tables by theirs, everything else is text.</summary>
    Auto,

    /// <summary>Text, one document a file: <c>.txt .md .text</c>.</summary>
    Text,

    /// <summary>JSON, one object a line or one array of objects: <c>.jsonl .ndjson .json</c>.</summary>
    Json,

    /// <summary>Values separated by commas, semicolons, bars or tabs, as the header line tells: <c>.csv</c>.</summary>
    Csv,

    /// <summary>Values separated by tabs: <c>.tsv .tab</c>.</summary>
    Tsv,

    /// <summary>Apache Parquet: <c>.parquet .pq</c>.</summary>
    Parquet,
}
