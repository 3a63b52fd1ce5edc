using System.Text.RegularExpressions;

namespace Elbo.Text;

/// <summary>Makes words of identifiers: FileStream → File Stream, System.IO → System IO.</summary>
static partial class IdentifierWords
{
    // HTTPRequest is HTTP Request, but IPv4, URIs and NaN are one word each: after a capital, a capital begins a word only before two small letters,
    // and a capital that ends a word begins none.
    [GeneratedRegex(@"(?<=[a-z0-9])(?=[A-Z]\w)|(?<=[A-Z])(?=[A-Z][a-z]{2})|_|(?<=\w)\.(?=\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Boundary();

    /// <summary>A text with all its identifiers split.</summary>
    public static string Split(string text) => Boundary().Replace(text, " ");

    /// <summary>
    /// The name in a documentation id, without its kind, namespace and parameters: <c>M:System.IO.File.Open(System.String)</c> → Open;
    /// of a constructor the name of its type.
    /// </summary>
    public static string NameOf(string id)
    {
        ReadOnlySpan<char> path = PathOf(id);
        if (path.EndsWith(".#ctor") || path.EndsWith(".#cctor")) path = path[..path.LastIndexOf('.')];
        ReadOnlySpan<char> name = path[(path.LastIndexOfAny('.', '#') + 1)..];
        int arity = name.IndexOf('`');
        return (arity < 0 ? name : name[..arity]).ToString();
    }

    /// <summary>The type that a documentation id names, or whose member it names: <c>M:System.IO.File.Open(System.String)</c> → System.IO.File.</summary>
    public static string TypeOf(string id)
    {
        ReadOnlySpan<char> path = PathOf(id);
        int dot = id.StartsWith("T:", StringComparison.Ordinal) ? path.Length : path.LastIndexOf('.');
        return path[..Math.Max(dot, 0)].ToString();
    }

    static ReadOnlySpan<char> PathOf(string id)
    {
        ReadOnlySpan<char> path = id.AsSpan(id.IndexOf(':', StringComparison.Ordinal) + 1);
        int end = path.IndexOfAny('(', '~', '{');
        return end < 0 ? path : path[..end];
    }
}
