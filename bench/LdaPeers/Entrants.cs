using System.Runtime.InteropServices;
using Elbo.Topics;

namespace LdaPeers;

/// <summary>What is asked of a program; texts, so that a table can show the command with names in their place.</summary>
sealed record Job(string Folder, string Vocabulary, string Topics, string Passes, string Seed, string Output);

/// <summary>A program with its options: a row of the tables, a line of the picture.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="FirstPasses">The passes of its smallest budget; each budget has twice those of the one before.</param>
/// <param name="Command">The command that does a job.</param>
/// <param name="ReadTopics">Reads the K rows of V weights that it wrote.</param>
/// <param name="IsOurs">Whether it is Elbo.</param>
sealed record Entrant(string Name, int FirstPasses, Func<Job, string[]> Command, Func<string, double[]> ReadTopics, bool IsOurs);

/// <summary>Who takes part. The first is what the others are compared with.</summary>
sealed class Entrants(string repository)
{
    public IReadOnlyList<Entrant> All() =>
    [
        Elbo("Elbo, CVB0", 3, "--e-step", "cvb0", "--moved-tolerance", "0"),
        Elbo("Elbo, online MAP", 1, "--e-step", "online-map"),
        Elbo("Elbo, mean field in single precision", 2, "--e-step", "mean-field", "--precision", "single"),
        Elbo("Elbo, mean field with certificate", 2, "--e-step", "mean-field"),
        Python("scikit-learn", 2, "sklearn_lda.py"),
        Python("gensim", 2, "gensim_lda.py"),
        Peer("ML.NET", 20, "dotnet", Path.Combine(repository, "bench/MlNetLda/bin/Release/net10.0/MlNetLda.dll")),
    ];

    Entrant Elbo(string name, int firstPasses, params string[] options) => new(name, firstPasses, job =>
    [
        "dotnet", Path.Combine(repository, "src/Elbo.Cli/bin/Release/net10.0/Elbo.Cli.dll"), "fit", "lda", Path.Combine(job.Folder, "train.dat"), "--vocab", job.Vocabulary, "--topics", job.Topics,
        "--max-iterations", job.Passes, "--tolerance", "0", "--seed", job.Seed, "--threads", "1", .. options, "--quiet", "--output", job.Output,
    ], ReadModel, IsOurs: true);

    Entrant Python(string name, int firstPasses, string script) => Peer(name, firstPasses, "/usr/bin/python3", Path.Combine(repository, "bench/peers", script));

    static Entrant Peer(string name, int firstPasses, params string[] program) =>
        new(name, firstPasses, job => [.. program, job.Folder, job.Vocabulary, job.Topics, job.Passes, job.Seed, job.Output], ReadMatrix, IsOurs: false);

    static double[] ReadModel(string path)
    {
        LdaParameters parameters = TopicModelFile.Load(path).Parameters;
        var topicTerm = new double[parameters.Topics * parameters.Terms];
        for (int i = 0; i < topicTerm.Length; i++) topicTerm[i] = parameters.TermProbability(i / parameters.Terms, i % parameters.Terms);
        return topicTerm;
    }

    static double[] ReadMatrix(string path) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray();
}
