using System.Text;
using System.Text.RegularExpressions;

namespace Elbo.Text;

/// <summary>A file pattern: <c>*</c> and <c>?</c> stand for characters of one name, <c>**</c> for folders of any depth.</summary>
sealed class Glob
{
    readonly Regex _regex;

    /// <param name="pattern">The pattern of the path below a folder, with <c>/</c>.</param>
    public Glob(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(?:[^/]+/)*");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", char c => Regex.Escape(c.ToString()) });
            }
        }
        RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;
        _regex = new Regex(regex.Append(@"\z").ToString(), OperatingSystem.IsWindows() ? options | RegexOptions.IgnoreCase : options);
    }

    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The folder before the first name with a wildcard, and the rest.</summary>
    public static (string Folder, string Pattern) Split(string path)
    {
        string slashed = OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;
        int cut = slashed.LastIndexOf('/', slashed.AsSpan().IndexOfAny('*', '?'));
        return cut < 0 ? (".", slashed) : (cut == 0 ? "/" : slashed[..cut], slashed[(cut + 1)..]);
    }

    public bool Matches(string name) => _regex.IsMatch(name);
}
