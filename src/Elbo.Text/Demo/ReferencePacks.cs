namespace Elbo.Text;

/// <summary>Finds the XML documentation in the reference packs of the .NET SDK.</summary>
static class ReferencePacks
{
    /// <summary>The folders where .NET may be installed, likeliest first, each once.</summary>
    public static IReadOnlyList<string> Roots()
    {
        var roots = new List<string>();
        Add(Environment.GetEnvironmentVariable("DOTNET_ROOT"));
        // dotnet itself, where it runs us; else the shared framework that we run on: <root>/shared/Microsoft.NETCore.App/<version>/.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") Add(Path.GetDirectoryName(Environment.ProcessPath));
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } framework) Add(Path.Combine(framework, "..", "..", ".."));
        return roots;

        void Add(string? folder)
        {
            if (string.IsNullOrEmpty(folder)) return;
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            if (!roots.Contains(full)) roots.Add(full);
        }
    }

    /// <summary>
    /// The XML files of the newest version of each pack below <c>root/packs</c>, one for each assembly: packs repeat the assemblies of others,
    /// and the base library's own pack comes first. None where there are no packs.
    /// </summary>
    public static IReadOnlyList<string> Files(string root)
    {
        string packs = Path.Combine(root, "packs");
        if (!Directory.Exists(packs)) return [];
        var assemblies = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. Directory.GetDirectories(packs, "*.Ref")
                .OrderBy(pack => Path.GetFileName(pack) != "Microsoft.NETCore.App.Ref").ThenBy(pack => pack, StringComparer.Ordinal)
                .SelectMany(FilesOfPack)
                .Where(file => assemblies.Add(Path.GetFileName(file))),
        ];
    }

    static string[] FilesOfPack(string pack)
    {
        string? newest = Directory.GetDirectories(pack).Where(folder => Directory.Exists(Path.Combine(folder, "ref"))).MaxBy(VersionOf);
        if (newest is null) return [];
        string? framework = Directory.GetDirectories(Path.Combine(newest, "ref"), "net*").Max(StringComparer.Ordinal);
        return framework is null ? [] : [.. Directory.GetFiles(framework, "*.xml").Order(StringComparer.Ordinal)];
    }

    /// <summary>The version in a folder's name; a preview counts as older than its release, and what is no version as oldest.</summary>
    static (Version Version, bool Release, string Name) VersionOf(string folder)
    {
        string name = Path.GetFileName(folder);
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        bool known = Version.TryParse(dash < 0 ? name : name[..dash], out Version? version);
        return (known ? version! : new Version(0, 0), dash < 0, name);
    }
}
