using System.Text;
using System.Xml;

namespace Elbo.Text;

/// <summary>Reads the members of an XML documentation file and the text that each has.</summary>
static class XmlDocumentation
{
    static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };

    /// <summary>Every member's id and its text: one line a paragraph, names in references included, code left out.</summary>
    /// <exception cref="InvalidDataException">The file is not well-formed XML.</exception>
    public static IEnumerable<(string Id, string Text)> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var reader = XmlReader.Create(file, Settings);
        var text = new StringBuilder();
        while (Guarded(reader, path, static r => r.ReadToFollowing("member")))
        {
            string? id = reader.GetAttribute("name");
            if (id is null || reader.IsEmptyElement) continue;
            text.Clear();
            Guarded(reader, path, r => ReadMember(r, text));
            yield return (id, text.ToString());
        }
    }

    static bool ReadMember(XmlReader reader, StringBuilder text)
    {
        int depth = reader.Depth;
        bool more = reader.Read();
        while (more && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Append(text, reader.Value);
                    break;
                case XmlNodeType.Element when reader.Name == "code":
                    reader.Skip();
                    continue;
                case XmlNodeType.Element when reader.IsEmptyElement:
                    AppendReference(reader, text);
                    break;
                case XmlNodeType.EndElement when !IsInline(reader.Name):
                    text.Append('\n');
                    break;
            }
            more = reader.Read();
        }
        return true;
    }

    static bool IsInline(string element) => element is "see" or "seealso" or "paramref" or "typeparamref" or "c" or "a" or "b" or "i" or "em" or "strong" or "xref";

    static void AppendReference(XmlReader reader, StringBuilder text)
    {
        string? name = reader.Name switch
        {
            "see" or "seealso" => reader.GetAttribute("cref") is { } id ? IdentifierWords.NameOf(id) : reader.GetAttribute("langword"),
            "paramref" or "typeparamref" => reader.GetAttribute("name"),
            _ => null,
        };
        text.Append(name ?? " ");
    }

    /// <summary>Lines of the file are no lines of the text: every run of white space becomes one space.</summary>
    static void Append(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] is not (' ' or '\n')) text.Append(' ');
        }
    }

    static T Guarded<T>(XmlReader reader, string path, Func<XmlReader, T> read)
    {
        try
        {
            return read(reader);
        }
        catch (XmlException error)
        {
            throw new InvalidDataException($"'{path}' is not well-formed XML: {error.Message}", error);
        }
    }
}
