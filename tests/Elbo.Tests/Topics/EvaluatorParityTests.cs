using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>Document completion against a program that shares no code with ours: the same topics, α and halves give the same scores.</summary>
[Trait("Category", "SharedData")]
public sealed partial class EvaluatorParityTests : IDisposable
{
    const string Python = "/usr/bin/python3";

    readonly string _folder = Directory.CreateTempSubdirectory("elbo-evaluator").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.05, ConcentrationUpdate.Asymmetric)]
    [InlineData(null, ConcentrationUpdate.Fixed)]
    public void Both_scores_equal_those_of_the_independent_evaluator(double? eta, ConcentrationUpdate updateAlpha)
    {
        string evaluator = SharedData.Find("eval/evaluate_topics.py");
        Assert.SkipUnless(Run(["-c", "import numpy, scipy"]).ExitCode == 0, $"{Python} with numpy and scipy is not here.");
        string vocabulary = SharedData.Find("data/ap/vocab.txt"), train = SharedData.Find("data/ap/split/train.dat");
        string observed = SharedData.Find("data/ap/split/test_observed.dat"), heldOut = SharedData.Find("data/ap/split/test_heldout.dat");
        TopicModel model = Lda.Fit(LdaCFormat.Read(train, vocabulary),
            new LdaOptions { Topics = 6, Eta = eta, MaximumIterations = 8, UpdateAlpha = updateAlpha }, cancellationToken: TestContext.Current.CancellationToken);

        CompletionScore score = DocumentCompletion.Score(model, LdaCFormat.Read(observed, vocabulary), LdaCFormat.Read(heldOut, vocabulary), threads: 2);

        string topics = Path.Combine(_folder, "topics.txt"), alpha = Path.Combine(_folder, "alpha.txt");
        File.WriteAllLines(topics, Enumerable.Range(0, model.Topics.Count).Select(topic => Numbers(Enumerable.Range(0, model.Vocabulary.Count).Select(model.Topics[topic].Probability))));
        File.WriteAllText(alpha, Numbers(model.Parameters.Alpha.ToArray()));
        (int exitCode, string output) = Run([evaluator, topics, observed, heldOut, "--alpha", alpha, "--tol", "1e-10", "--train", train]);
        Assert.True(exitCode == 0, output);
        double[] expected = [.. Score().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected[0], score.All.PerToken, 1e-6);
        Assert.Equal(expected[1], score.Seen.PerToken, 1e-6);
        Assert.NotEqual(score.All.Tokens, score.Seen.Tokens);
    }

    [GeneratedRegex(@"ll/token=(\S+)")]
    private static partial Regex Score();

    static string Numbers(IEnumerable<double> values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    static (int ExitCode, string Output) Run(string[] arguments)
    {
        if (!File.Exists(Python)) return (-1, "");
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
