using Elbo.Engine;
using Elbo.Testing.Laws;

namespace Elbo.Testing;

/// <summary>
/// The conformance kit: <c>Conformance.CheckAll(new MySubject())</c> in a test of any framework. A law that is broken throws a
/// <see cref="ConformanceException"/> that names the law, the model, the start and the amount.
/// </summary>
public static class Conformance
{
    /// <summary>Checks every law, in the order of <see cref="ConformanceLaw"/>.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="options">How thoroughly; null takes the defaults.</param>
    /// <returns>The laws of which the subject does not tell enough to be checked; best empty.</returns>
    /// <exception cref="ConformanceException">The first law that is broken.</exception>
    public static IReadOnlyList<ConformanceLaw> CheckAll<TBatch, TParameters, TStatistics>(ModelSubject<TBatch, TParameters, TStatistics> subject, ConformanceOptions? options = null)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
        => [.. Enum.GetValues<ConformanceLaw>().Where(law => !Check(law, subject, options))];

    /// <summary>Checks one law.</summary>
    /// <param name="law">The law.</param>
    /// <param name="subject">The model.</param>
    /// <param name="options">How thoroughly; null takes the defaults.</param>
    /// <returns>False where the subject does not tell enough for this law to be checked.</returns>
    /// <exception cref="ConformanceException">It is broken.</exception>
    public static bool Check<TBatch, TParameters, TStatistics>(ConformanceLaw law, ModelSubject<TBatch, TParameters, TStatistics> subject, ConformanceOptions? options = null)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        ArgumentNullException.ThrowIfNull(subject);
        options ??= new ConformanceOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Starts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Iterations, 1, nameof(options));
        Action<Trial<TBatch, TParameters, TStatistics>> check = law switch
        {
            ConformanceLaw.Decomposition => DecompositionLaw.Check,
            ConformanceLaw.Ascent => AscentLaw.Check,
            ConformanceLaw.SplitMerge => SplitMergeLaw.Check,
            ConformanceLaw.Weights => WeightsLaw.Check,
            ConformanceLaw.CodecRoundTrip => CodecRoundTripLaw.Check,
            ConformanceLaw.ThreadInvariance => ThreadInvarianceLaw.Check,
            ConformanceLaw.KernelReuse => KernelReuseLaw.Check,
            ConformanceLaw.Allocation => AllocationLaw.Check,
            ConformanceLaw.Shuffle => ShuffleLaw.Check,
            ConformanceLaw.BruteForce => BruteForceLaw.Check,
            ConformanceLaw.MaximizationOptimality => MaximizationOptimalityLaw.Check,
            ConformanceLaw.FisherIdentity => FisherIdentityLaw.Check,
            ConformanceLaw.LabelPermutation => LabelPermutationLaw.Check,
            ConformanceLaw.Reduction => ReductionLaw.Check,
            ConformanceLaw.DegenerateInput => DegenerateInputLaw.Check,
            _ => throw new ArgumentOutOfRangeException(nameof(law), law, "There is no such law."),
        };
        bool told = true;
        for (int i = 0; i < options.Starts; i++)
        {
            var trial = new Trial<TBatch, TParameters, TStatistics>(subject, law, unchecked(options.Seed + (ulong)i), options.Iterations);
            check(trial);
            told &= trial.SaysSomething;
        }
        return told;
    }
}
