using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

/// <summary>Every checkpoint of a fit leads to the model file of the fit that was not stopped, byte for byte.</summary>
public sealed class FitCheckpointTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    static readonly Dictionary<string, string> Input = new() { ["path"] = "rows.csv" };

    static readonly FitOptions Gaussians = new() { Components = 2, Restarts = 2, MaximumIterations = 12, Start = StartMethod.Random };

    static readonly FitOptions Counts = Gaussians with { Family = new FamilyOptions { Name = "poisson" }, Restarts = 3 };

    /// <summary>40 rows that are all the same, and 60 of a Gaussian: a component that takes the heap degenerates.</summary>
    static ObservationTable Heap()
    {
        var random = new Philox(7);
        double[] values = new double[200];
        for (int i = 80; i < 200; i++) values[i] = random.NextNormal();
        values.AsSpan(0, 80).Fill(2.5);
        return new ObservationTable(values, 2, ["width", "height"]);
    }

    static ObservationTable Rows()
    {
        var random = new Philox(23);
        return new ObservationTable([.. Enumerable.Range(0, 140).Select(i => random.NextNormal() + (i / 2 % 3 == 0 ? 2 : 0))], 2);
    }

    static ObservationTable Quakes()
    {
        var random = new Philox(29);
        return new ObservationTable([.. Enumerable.Range(0, 90).Select(i => (double)random.NextInt32(i / 15 % 2 == 0 ? 9 : 25))], 1);
    }

    static (ObservationTable Table, FitOptions Options, GivenStart? Start) CaseOf(string name) => name switch
    {
        "gaussians" => (Rows(), Gaussians, null),
        "gaussians, short" => (Rows(), Gaussians with { ShortIterations = 3, Restarts = 3 }, null),
        "gaussians, dropped" => (Heap(), Gaussians with { Components = 3, Degeneracy = DegeneracyPolicy.Drop, Restarts = 3, MaximumIterations = 40 }, null),
        "gaussians, begun anew" => (Heap(), Gaussians with { Components = 3, Degeneracy = DegeneracyPolicy.Restart, MaximumIterations = 25 }, null),
        "gaussians, squarem" => (Rows(), Gaussians with { Acceleration = Acceleration.Squarem, ShortIterations = 4, AllowTemporaryDecrease = true, MaximumIterations = 40 }, null),
        "gaussians, prior, noise" => (Rows(), Gaussians with { Components = 3, WeightConcentration = 2, Family = new FamilyOptions { Prior = true, Noise = true } }, null),
        "counts" => (Quakes(), Counts, null),
        "counts, known rows" => (Quakes().WithLabels([.. Enumerable.Range(0, 90).Select(i => i % 9 == 0 ? i / 15 % 2 : -1)], 2).WithWeights([.. Enumerable.Range(0, 90).Select(i => 1.0 + i % 2)]), Counts, null),
        "counts, Aitken" => (Quakes(), Counts with { Stop = StoppingRule.Aitken(1e-5), MaximumIterations = 500 }, null),
        "counts, length of step" => (Quakes(), Counts with { Stop = StoppingRule.ParameterNorm(1e-2) & StoppingRule.RelativeObjective(1e-4), MaximumIterations = 500 }, null),
        "counts, hard" => (Quakes(), Counts with { Hard = true }, null),
        "counts, online" => (Quakes(), Counts with { Online = new OnlineOptions { Passes = 2, BatchSize = 20 }, MaximumIterations = 5 }, null),
        "chain" => (Quakes().WithSequences(40, 50), Counts with { Structure = LatentStructure.HiddenMarkov }, null),
        "chain, short" => (Quakes(), Counts with { Structure = LatentStructure.HiddenMarkov, ShortIterations = 2 }, null),
        "chain, given" => (Quakes(), Counts with { Structure = LatentStructure.HiddenMarkov }, GivenStart.FromParameters(TensorSet.Of(new Elbo.HiddenMarkov.HiddenMarkovParameters<PoissonComponents>([1, 0], [0.9, 0.1, 0, 1], new PoissonComponents([4, 12], 1))))),
        _ => throw new ArgumentException(name),
    };

    public static TheoryData<string> Cases() =>
    [
        "gaussians", "gaussians, short", "gaussians, dropped", "gaussians, begun anew", "gaussians, squarem", "gaussians, prior, noise", "counts", "counts, known rows", "counts, Aitken",
        "counts, length of step", "counts, hard", "counts, online", "chain", "chain, short", "chain, given",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_checkpoint_leads_to_the_same_bytes(string name)
    {
        (ObservationTable table, FitOptions options, GivenStart? start) = CaseOf(name);
        List<FitCheckpoint> checkpoints = [];
        FittedModel whole = await Estimator.FitAsync(table, options, start, checkpoint: checkpoints.Add, cancellationToken: Token);
        byte[] expected = BytesOf(whole);
        AssertCovers(name, checkpoints, whole);
        // Written down only now, when the fit has long gone on.
        foreach (byte[] file in checkpoints.Select(BytesOf).ToArray())
        {
            (FitCheckpoint checkpoint, IReadOnlyDictionary<string, string> input) = FitCheckpointFile.Load(new MemoryStream(file), "checkpoint");
            Assert.Equal(Input, input);
            Assert.Equal(file, BytesOf(checkpoint));
            FittedModel resumed = await Estimator.ResumeAsync(table, checkpoint with { Options = checkpoint.Options with { Threads = 2 } }, cancellationToken: Token);
            Assert.Equal(expected, BytesOf(resumed));
        }
        // Without a file in between, and a checkpoint serves again; what is offered on the way is what was offered before.
        FitCheckpoint middle = checkpoints[checkpoints.Count / 2];
        List<FitCheckpoint> again = [];
        Assert.Equal(expected, BytesOf(await Estimator.ResumeAsync(table, middle, checkpoint: again.Add, cancellationToken: Token)));
        Assert.Equal(checkpoints.Skip(checkpoints.Count / 2).Select(BytesOf), again.Select(BytesOf));
    }

    /// <summary>The case is of what its name says.</summary>
    static void AssertCovers(string name, List<FitCheckpoint> checkpoints, FittedModel whole)
    {
        bool Says(string what) => name.Contains(what, StringComparison.Ordinal);
        bool isAccelerated = Says("squarem");
        Assert.Equal(Says("given") ? 1 : whole.Record.Options.Restarts, checkpoints.Select(checkpoint => checkpoint.Start).Distinct().Count());
        Assert.Equal(Says("short") || isAccelerated, checkpoints.Exists(checkpoint => checkpoint.Continuing));
        Assert.Equal(Says("dropped"), checkpoints.Exists(checkpoint => checkpoint.Notes.Any(note => note.Contains("It was dropped", StringComparison.Ordinal))));
        Assert.Equal(Says("begun anew"), checkpoints.Exists(checkpoint => checkpoint.GivenUp is not null && checkpoint.Trace.Count > 0));
        Assert.Equal(isAccelerated, checkpoints.TrueForAll(checkpoint => checkpoint.Best is null));
        Assert.Equal(isAccelerated, whole.Record.Traces.Any(trace => trace.Any(record => record.Move == Move.Proposal)));
        // One before every E-step, whatever became of it; before online EM one more.
        if (!isAccelerated && !Says("begun anew")) Assert.Equal(whole.Record.Traces.Sum(trace => trace.Count(record => record.Segment != "online") + (Says("online") ? 1 : 0)), checkpoints.Count);
    }

    [Fact]
    public async Task A_family_of_ones_own_goes_on_too()
    {
        List<FitCheckpoint> checkpoints = [];
        AnyFamily family = AnyFamily.Of(new Poisson(new GammaPrior(3, 0.25)));
        byte[] expected = BytesOf(await Estimator.FitAsync(family, Quakes(), Counts, checkpoint: checkpoints.Add, cancellationToken: Token));
        foreach (FitCheckpoint checkpoint in checkpoints.Where((_, i) => i % 5 == 0))
            Assert.Equal(expected, BytesOf(await Estimator.ResumeAsync(Quakes(), checkpoint, cancellationToken: Token)));
        string? asked = null;
        FitCheckpointFile.Load(new MemoryStream(BytesOf(checkpoints[^1])), "checkpoint", (name, settings) =>
        {
            asked = name;
            return FamilyCatalog.Read(name, settings);
        });
        Assert.Equal("poisson", asked);
    }

    [Fact]
    public async Task Cancelled_at_once_a_resumed_fit_ends_with_what_the_checkpoint_has()
    {
        List<FitCheckpoint> checkpoints = [];
        await Estimator.FitAsync(Rows(), Gaussians, checkpoint: checkpoints.Add, cancellationToken: Token);
        FitCheckpoint middle = checkpoints.First(checkpoint => checkpoint.State.Number == 5);
        FittedModel model = await Estimator.ResumeAsync(Rows(), middle, cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal((StopReason.Cancelled, middle.BestObjective, 4), (model.Record.StopReason, model.Record.Objective, model.Record.Traces[0][^1].Number));
    }

    [Fact]
    public async Task Another_table_is_refused()
    {
        FitCheckpoint? last = null;
        await Estimator.FitAsync(Quakes(), Counts, checkpoint: seen => last = seen, cancellationToken: Token);
        foreach (ObservationTable table in new[] { Rows(), Quakes().WithSequences(40, 50), new ObservationTable(Quakes().Values.ToArray(), 1, ["other"]) })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Estimator.ResumeAsync(table, last!, cancellationToken: Token));
            Assert.Contains("The table is not the one", error.Message, StringComparison.Ordinal);
        }
        KernelProfile other = last!.KernelProfile == KernelProfile.Portable ? KernelProfile.Avx2 : KernelProfile.Portable;
        var profile = await Assert.ThrowsAsync<ArgumentException>(() => Estimator.ResumeAsync(Quakes(), last with { KernelProfile = other }, cancellationToken: Token));
        Assert.Contains(KernelProfiles.EnvironmentVariable, profile.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_of_all_that_a_fit_sees()
    {
        ObservationTable table = Quakes();
        double[] changed = table.Values.ToArray();
        changed[^1]++;
        ObservationTable[] all =
        [
            table, new(changed, 1), new(table.Values.ToArray(), 2), new(table.Values.ToArray(), 1, ["count"]), table.WithWeights([.. Enumerable.Repeat(1.0, 90)]), table.WithWeights([.. Enumerable.Repeat(2.0, 90)]),
            table.WithLabels([.. Enumerable.Repeat(-1, 90)], 2), table.WithLabels([.. Enumerable.Repeat(-1, 90)], 3), table.WithSequences(90), table.WithSequences(40, 50),
        ];
        Assert.Equal(all.Length, all.Select(one => one.Checksum).Distinct().Count());
        Assert.Equal(table.Checksum, Quakes().Checksum);
        Assert.Matches("^[0-9a-f]{64}$", table.Checksum);
    }

    [Fact]
    public async Task Damaged_files_are_refused_or_read_but_never_crash()
    {
        List<FitCheckpoint> checkpoints = [];
        await Estimator.FitAsync(Quakes(), Counts with { MaximumIterations = 3 }, checkpoint: checkpoints.Add, cancellationToken: Token);
        byte[] bytes = BytesOf(checkpoints[^1]);
        for (int length = 0; length < bytes.Length; length += 7)
            Assert.Contains("'cut'", Assert.Throws<InvalidDataException>(() => FitCheckpointFile.Load(new MemoryStream(bytes[..length]), "cut")).Message, StringComparison.Ordinal);
        for (int place = 0; place < bytes.Length; place += 3)
        {
            byte[] flipped = [.. bytes];
            flipped[place] ^= 0x14;
            try
            {
                FitCheckpointFile.Load(new MemoryStream(flipped), "flipped");
            }
            catch (InvalidDataException error)
            {
                Assert.Contains("'flipped'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("kind", "lda", "a fit of the kind 'lda' where 'mixture' or 'hmm' was expected")]
    [InlineData("kind", "hmm", "is missing")]
    [InlineData("family", "gaussian", "lack 'covariance'")]
    [InlineData("running_start", "1", "2 finished starts and is at start 1")]
    [InlineData("running_start", "3", "its start, attempt or iteration")]
    [InlineData("attempt", "-1", "its start, attempt or iteration")]
    [InlineData("continuing", "True", "2 finished starts and is at start 2")]
    [InlineData("components", "1", "more than 1 components")]
    [InlineData("best_objective", "NaN", "where a number was expected")]
    public async Task What_no_fit_can_have_written_is_refused(string property, string value, string because)
    {
        FitCheckpoint? last = null;
        await Estimator.FitAsync(Quakes(), Counts with { MaximumIterations = 3 }, checkpoint: seen => last = seen, cancellationToken: Token);
        TensorFile file = ElboFile.Read(new MemoryStream(BytesOf(last!)), "checkpoint", ElboFile.Checkpoint);
        using var forged = new MemoryStream();
        ElboFile.Write(forged, ElboFile.Checkpoint, file.Tensors, new Dictionary<string, string>(file.Metadata) { [property] = value });
        Assert.Contains(because, Assert.Throws<InvalidDataException>(() => FitCheckpointFile.Load(forged, "forged")).Message, StringComparison.Ordinal);
    }

    static byte[] BytesOf(FitCheckpoint checkpoint)
    {
        using var stream = new MemoryStream();
        FitCheckpointFile.Save(checkpoint, stream, Input);
        return stream.ToArray();
    }

    static byte[] BytesOf(FittedModel model)
    {
        using var stream = new MemoryStream();
        FittedModelFile.Save(model, stream);
        return stream.ToArray();
    }
}
