using System.Globalization;
using System.Text;
using Elbo.Cli.Terminal;
using Elbo.Numerics;

namespace Elbo.Cli.Tests;

/// <summary>What a run of the tool left behind.</summary>
sealed record ToolRun(int Code, string Output, string Error);

/// <summary>Runs the tool in this process, in a folder of its own that holds small corpora.</summary>
sealed class ToolFixture : IDisposable
{
    static readonly string[] Themes = ["market price stock trade bank money", "doctor hospital health patient disease medicine", "team game player score season coach"];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-cli-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Everything in the folder, hidden files too.</summary>
    public string[] Files => [.. _folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(file => file.Name).Order(StringComparer.Ordinal)];

    public static async Task<ToolRun> RunAsync(params string[] args)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int code = await ElboTool.RunAsync(args, new CliHost { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>As <see cref="RunAsync"/>, for runs that must succeed.</summary>
    public static async Task<ToolRun> SucceedAsync(params string[] args)
    {
        ToolRun run = await RunAsync(args);
        Assert.True(run.Code == ExitCode.Success, $"elbo {string.Join(' ', args)} ended with {run.Code}: {run.Error}");
        return run;
    }

    /// <summary>As <see cref="RunAsync"/>, for runs that must end with one clear line.</summary>
    public static async Task<string> FailAsync(int code, params string[] args)
    {
        ToolRun run = await RunAsync(args);
        Assert.Equal(code, run.Code);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("elbo: ", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(code == ExitCode.Usage && lines.Length == 2 ? 2 : 1, lines.Length);
        return lines[0];
    }

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public byte[] Bytes(string name) => File.ReadAllBytes(this[name]);

    /// <summary>Counts of 3 topics as docs.ldac and vocab.txt; the arguments that name them.</summary>
    public string[] WriteCounts(int documents = 60, int tokens = 40, int terms = 50)
    {
        var random = new Philox(7);
        double[] concentration = [.. Enumerable.Repeat(0.1, terms)];
        double[][] topics = [new double[terms], new double[terms], new double[terms]];
        foreach (double[] topic in topics) random.NextDirichlet(concentration, topic);
        var text = new StringBuilder();
        for (int document = 0; document < documents; document++)
        {
            var counts = new SortedDictionary<int, int>();
            for (int token = 0; token < tokens; token++)
            {
                double[] topic = topics[random.NextDouble() < 0.8 ? document % 3 : random.NextInt32(3)];
                double left = random.NextDouble();
                int term = 0;
                while (term < terms - 1 && (left -= topic[term]) > 0) term++;
                counts[term] = counts.GetValueOrDefault(term) + 1;
            }
            text.Append(counts.Count).AppendJoin("", counts.Select(pair => $" {pair.Key}:{pair.Value}")).Append('\n');
        }
        Write("vocab.txt", string.Concat(Enumerable.Range(0, terms).Select(term => $"word{term}\n")));
        return [Write("docs.ldac", text.ToString()), "--vocab", this["vocab.txt"]];
    }

    /// <summary>A folder of texts on three themes.</summary>
    public string WriteTexts(int documents = 30)
    {
        var random = new Philox(3);
        for (int document = 0; document < documents; document++)
        {
            string[] words = Themes[document % 3].Split(' ');
            IEnumerable<string> text = Enumerable.Range(0, 25).Select(_ => words[random.NextInt32(words.Length)]);
            Write($"texts/{document % 3}/{document:00}.txt", $"The {string.Join(" and the ", text)}. Unique{document}word.");
        }
        return this["texts"];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
