using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Tests.Topics;
using Elbo.Topics;

namespace Elbo.Tests.Engine;

/// <summary>Fits whose E-steps run on executors that somebody else makes.</summary>
public sealed class ExecutorFactoryTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    static Corpus Corpus => SmallCorpora.Random(seed: 31, documents: 25, terms: 16, tokens: 20);

    [Theory]
    [InlineData(TopicEStep.MeanField)]
    [InlineData(TopicEStep.Map)]
    [InlineData(TopicEStep.Automatic)]
    public async Task Every_E_step_of_topics_goes_through_the_factory(TopicEStep eStep)
    {
        var options = new LdaOptions { Topics = 3, EStep = eStep, Restarts = 2, MaximumIterations = 8, Threads = 1 };
        TopicModel expected = await Lda.FitAsync(Corpus, options, cancellationToken: Token);
        var factory = new Counting();
        TopicModel model = await Lda.FitAsync(Corpus, options, executors: factory, cancellationToken: Token);
        LdaCases.AssertBits(expected, model);
        // One E-step for every record; MAP's closing record has two, the counts at the mode and the closing pass, mean field's closing pass has no record.
        Assert.Equal(model.Record.Traces.Sum(trace => trace.Count) + 1, factory.ESteps);

        LdaCheckpoint? checkpoint = null;
        await Lda.FitAsync(Corpus, options, checkpoint: seen => checkpoint = seen with
        {
            // The fit goes on to use this memory.
            LocalState = seen.LocalState is { } local ? LdaLocalState.FromTensors(TensorSet.Of(local)) : null,
        }, cancellationToken: Token);
        var resumed = new Counting();
        LdaCases.AssertBits(expected, await Lda.ResumeAsync(Corpus, checkpoint!, executors: resumed, cancellationToken: Token));
        Assert.InRange(resumed.ESteps, 1, factory.ESteps - 1);
    }

    [Theory]
    [InlineData(LatentStructure.Mixture, Acceleration.None)]
    [InlineData(LatentStructure.HiddenMarkov, Acceleration.Squarem)]
    public async Task Every_E_step_of_a_table_goes_through_the_factory(LatentStructure structure, Acceleration acceleration)
    {
        var table = new ObservationTable([.. Enumerable.Range(0, 90).Select(i => (double)(i * i % 7 + (i / 15 % 2 * 9)))], 1);
        var options = new FitOptions { Structure = structure, Family = new FamilyOptions { Name = "poisson" }, Restarts = 3, ShortIterations = 4, Acceleration = acceleration };
        FittedModel expected = await Estimator.FitAsync(table, options, cancellationToken: Token);
        var factory = new Counting();
        FittedModel model = await Estimator.FitAsync(table, options, executors: factory, cancellationToken: Token);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected.Record.Objective), BitConverter.DoubleToInt64Bits(model.Record.Objective));
        foreach ((NamedTensor one, NamedTensor two) in expected.Parameters.Tensors.Zip(model.Parameters.Tensors)) Assert.True(one.Bytes.SequenceEqual(two.Bytes));
        Assert.Equal(model.Record.Traces.Sum(trace => trace.Sum(record => 1 + record.RejectedProposals)), factory.ESteps);
    }

    [Fact]
    public async Task What_runs_on_threads_of_its_own_refuses_executors()
    {
        var single = new LdaOptions { Topics = 2, EStep = TopicEStep.MeanField, Precision = Precision.Single };
        foreach (LdaOptions options in new[] { single, single with { EStep = TopicEStep.OnlineMap, Precision = null } })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Lda.FitAsync(Corpus, options, executors: new Counting(), cancellationToken: Token));
            Assert.Contains("MeanField and Map in double precision", error.Message, StringComparison.Ordinal);
        }
        var online = new FitOptions { Family = new FamilyOptions { Name = "poisson" }, Online = new OnlineOptions() };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Estimator.FitAsync(new ObservationTable([1, 2, 3], 1), online, executors: new Counting(), cancellationToken: Token));
        Assert.Contains("Leave Online away", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void E_steps_tell_what_they_are()
    {
        var document = new DocumentOptions { Tolerance = 0.5 };
        var meanField = new LdaEStep(DocumentStart.Guarded, document);
        Assert.Equal((DocumentStart.Guarded, document), (meanField.Start, meanField.Options));
        var map = new LdaMapEStep(DocumentStart.Cold, document);
        Assert.Equal((DocumentStart.Cold, document), (map.Start, map.Options));
    }

    /// <summary>Counts the E-steps of the executors that it makes.</summary>
    sealed class Counting : IExecutorFactory
    {
        public int ESteps { get; private set; }

        public IExecutor<TParameters, TStatistics> Create<TBatch, TParameters, TStatistics>(
            IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep)
            where TBatch : allows ref struct
            where TParameters : class, ITensors<TParameters>
            where TStatistics : class, IStatistics<TStatistics> => new Counted<TParameters, TStatistics>(this, new LocalExecutorFactory(2).Create(shards, model, eStep));

        sealed class Counted<TParameters, TStatistics>(Counting counting, IExecutor<TParameters, TStatistics> executor) : IExecutor<TParameters, TStatistics>
        {
            public Guarantee Guarantee => executor.Guarantee;

            public IReadOnlyList<string> TermNames => executor.TermNames;

            public ValueTask<EStepResult<TStatistics>> ExpectAsync(TParameters parameters, CancellationToken cancellationToken)
            {
                counting.ESteps++;
                return executor.ExpectAsync(parameters, cancellationToken);
            }
        }
    }
}
