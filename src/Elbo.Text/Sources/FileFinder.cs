using System.IO.Enumeration;

namespace Elbo.Text;

/// <summary>A file to be read: its full path, and its path below what the user gave, with <c>/</c>.</summary>
readonly record struct SourceFile(string Path, string Name);

/// <summary>From what a user typed to files, in ordinal order of their names.</summary>
static class FileFinder
{
    public static IReadOnlyList<SourceFile> Find(string path, TextFormat format)
    {
        if (File.Exists(path)) return [new SourceFile(Path.GetFullPath(path), Path.GetFileName(path))];
        if (Directory.Exists(path)) return InFolder(path, format);
        if (Glob.IsPattern(path)) return ByPattern(path);
        throw new FileNotFoundException($"'{path}' does not exist. Give a file, a folder, or a pattern such as 'folder/**/*.txt'.", path);
    }

    /// <summary>The name of a file among those of several paths: what was typed, and what is below it.</summary>
    public static string Qualified(string path, SourceFile file)
    {
        string typed = path.Replace('\\', '/');
        if (Directory.Exists(path)) return $"{typed.TrimEnd('/')}/{file.Name}";
        return File.Exists(path) ? typed : $"{Glob.Split(path).Folder.Replace('\\', '/').TrimEnd('/')}/{file.Name}";
    }

    static List<SourceFile> InFolder(string folder, TextFormat format)
    {
        string[] extensions = Formats.ExtensionsOf(format);
        List<SourceFile> all = Below(folder);
        List<SourceFile> files = all.FindAll(file => extensions.Contains(Formats.ExtensionOf(file.Name)));
        if (files.Count > 0) return files;

        string wanted = format is TextFormat.Auto or TextFormat.Text ? "text files" : $"{format} files";
        string message = $"The folder '{folder}' has no {wanted} ({string.Join(" ", extensions)}, also with .gz).";
        if (all.Count == 0) throw new FileNotFoundException(message + " It has no files at all.", folder);
        IEnumerable<string> others = all.GroupBy(file => Formats.ExtensionOf(file.Name)).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(5).Select(group => $"{group.Count()} {(group.Key.Length == 0 ? "without extension" : group.Key)}");
        throw new FileNotFoundException($"{message} It has other files ({string.Join(", ", others)}); give a pattern for those you mean, such as '{folder.TrimEnd('/', '\\')}/**/*{Formats.ExtensionOf(all[0].Name)}'.", folder);
    }

    static List<SourceFile> ByPattern(string path)
    {
        (string folder, string pattern) = Glob.Split(path);
        if (!Directory.Exists(folder))
            throw new FileNotFoundException($"The folder '{folder}' of the pattern '{path}' does not exist.", path);
        var glob = new Glob(pattern);
        List<SourceFile> files = Below(folder).FindAll(file => glob.Matches(file.Name));
        return files.Count > 0 ? files : throw new FileNotFoundException($"No file fits the pattern '{path}'. In a pattern * stands for any characters of one name, and ** for folders of any depth.", path);
    }

    static List<SourceFile> Below(string folder)
    {
        string root = Path.GetFullPath(folder);
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<SourceFile>(
            root,
            (ref entry) => new SourceFile(entry.ToFullPath(), Path.GetRelativePath(root, entry.ToFullPath()).Replace('\\', '/')),
            options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        }.ToList();
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }
}
