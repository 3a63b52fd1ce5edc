using System.IO.Compression;
using System.Text;

namespace Elbo.Text;

/// <summary>
/// The header line of a table of separated values, which tells delimiter, columns and encoding. DuckDB could guess them from the rows, but a row that does not fit makes it
/// guess another header, and the rows above are lost without a word; told everything, it reports such a row as an error.
/// </summary>
sealed record CsvHeader(char Delimiter, string Encoding, IReadOnlyList<string> Columns)
{
    /// <summary>Whether the first column has no name in the file: R writes the names of rows so.</summary>
    public bool FirstIsUnnamed { get; private init; }

    /// <summary>Stands for "no delimiter" where there is one column only, whose texts may hold commas.</summary>
    const char None = '\u001F';

    public static CsvHeader Read(string path, TextFormat format)
    {
        using FileStream file = File.OpenRead(path);
        using Stream input = Formats.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(input, new UTF8Encoding(false));
        string line = FirstRecord(reader);
        char delimiter = format == TextFormat.Tsv ? '\t' : DelimiterOf(line);
        // The reader knows the encoding by the byte order mark once it has read something.
        string encoding = reader.CurrentEncoding is UnicodeEncoding ? "utf-16" : "utf-8";
        List<string> fields = line.Length == 0 ? [] : Fields(line, delimiter);
        return new CsvHeader(delimiter, encoding, Distinct(fields)) { FirstIsUnnamed = fields.Count > 1 && string.IsNullOrWhiteSpace(fields[0]) };
    }

    /// <summary>The characters up to the first end of line that is not quoted.</summary>
    static string FirstRecord(StreamReader reader)
    {
        var line = new StringBuilder();
        bool quoted = false;
        for (int next; (next = reader.Read()) >= 0 && (quoted || next is not ('\n' or '\r'));)
        {
            quoted ^= next == '"';
            line.Append((char)next);
        }
        return line.ToString();
    }

    static char DelimiterOf(string line)
    {
        char best = None;
        int most = 1;
        foreach (char delimiter in ",;\t|")
        {
            int count = Fields(line, delimiter).Count;
            if (count > most) (best, most) = (delimiter, count);
        }
        return best;
    }

    static List<string> Fields(string line, char delimiter)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                else quoted = !quoted;
            }
            else if (line[i] == delimiter && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }
        fields.Add(field.ToString());
        return fields;
    }

    /// <summary>Names without spaces around them, none empty and none twice (in any case, as SQL wants it).</summary>
    static List<string> Distinct(List<string> fields)
    {
        var names = new List<string>();
        foreach (string field in fields)
        {
            string name = field.Trim() is { Length: > 0 } trimmed ? trimmed : $"column{names.Count + 1}";
            string candidate = name;
            for (int n = 2; names.Contains(candidate, StringComparer.OrdinalIgnoreCase); n++) candidate = $"{name}_{n}";
            names.Add(candidate);
        }
        return names;
    }
}
