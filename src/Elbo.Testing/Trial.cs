using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Testing;

/// <summary>What an E-step gave for some observations.</summary>
readonly record struct Found<TStatistics>(TStatistics Statistics, LocalBound Bound)
{
    public double Magnitude => Math.Abs(Bound.ExpectedLogJoint) + Math.Abs(Bound.Entropy);
}

/// <summary>One law on one start of one subject: what the laws have in common.</summary>
sealed class Trial<TBatch, TParameters, TStatistics>(ModelSubject<TBatch, TParameters, TStatistics> subject, ConformanceLaw law, ulong seed, int iterations)
    where TBatch : allows ref struct
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>For identities between sums of doubles, relative to the scale.</summary>
    const double IdentityTolerance = 1e-9;

    public ModelSubject<TBatch, TParameters, TStatistics> Subject => subject;

    public IModel<TParameters, TStatistics> Model => subject.Model;

    public int Iterations => iterations;

    public ulong Seed => seed;

    /// <summary>Whether there was anything for the law to check.</summary>
    public bool SaysSomething { get; private set; } = true;

    public void SayNothing() => SaysSomething = false;

    /// <summary>Random choices of a law; another stream than the subject's own.</summary>
    public Philox Random { get; } = Philox.ForStream(seed, 0x4b17);

    public TParameters Start => subject.CreateStart(seed);

    /// <summary>The start, and where a few iterations lead from it.</summary>
    public IEnumerable<TParameters> Places()
    {
        TParameters parameters = Start;
        yield return parameters;
        IObservations<TBatch> observations = subject.Open();
        IEStep<TBatch, TParameters, TStatistics> eStep = subject.CreateEStep();
        for (int i = 0; i < 2; i++)
            parameters = Model.Maximize(Pass(eStep.Prepare(parameters), observations, parameters).Statistics, parameters);
        yield return parameters;
    }

    /// <summary>All observations as one batch.</summary>
    public Found<TStatistics> Pass(IEStepKernel<TBatch, TStatistics> kernel, IObservations<TBatch> observations, TParameters parameters, ReadOnlyMemory<double> weights = default)
    {
        TStatistics statistics = Model.CreateStatistics(parameters);
        return new(statistics, kernel.Accumulate(observations.Read(0, observations.Count, weights), statistics));
    }

    public double Scale(Found<TStatistics> found, TParameters parameters) => found.Magnitude + Model.Magnitude(found.Statistics, parameters) + Math.Abs(Model.GlobalBound(parameters)) + 1;

    /// <summary>What the M-step climbs.</summary>
    public double Height(TStatistics statistics, TParameters parameters) => Model.ExpectedLogJoint(statistics, parameters) + Model.GlobalBound(parameters);

    public double[] Pack(TParameters parameters)
    {
        try
        {
            return ParameterPacking.Pack(parameters);
        }
        catch (ArgumentException error)
        {
            throw Broken(error.Message);
        }
    }

    /// <summary>Two numbers in nats agree but for rounding; infinities agree with themselves.</summary>
    public void CheckEqual(double expected, double actual, double scale, string what)
    {
        if (expected.Equals(actual) && !double.IsNaN(actual)) return;
        // NaN must fail, so the comparison is written to be false for it.
        if (!(Math.Abs(actual - expected) <= IdentityTolerance * scale)) throw Broken(what, actual - expected, scale);
    }

    public void CheckBounds(LocalBound expected, LocalBound actual, double scale, string what)
    {
        CheckEqual(expected.ExpectedLogJoint, actual.ExpectedLogJoint, scale, $"the expected log joint {what}");
        CheckEqual(expected.Entropy, actual.Entropy, scale, $"the entropy {what}");
        if (expected.LogEvidence.HasValue != actual.LogEvidence.HasValue) throw Broken($"the log-evidence {what}: it is there once and missing once.");
        CheckEqual(expected.LogEvidence ?? 0, actual.LogEvidence ?? 0, scale, $"the log-evidence {what}");
        for (int i = 0; i < BoundTerms.Capacity; i++) CheckEqual(expected.Terms[i], actual.Terms[i], scale, $"term {i} of the bound {what}");
    }

    /// <summary>
    /// Two statistics mean the same, whatever their layout: the model's expected log joint agrees at several θ, the maxima of both among them.
    /// </summary>
    public void CheckMeaning(TStatistics expected, TStatistics actual, TParameters parameters, double scale, string what)
    {
        TParameters[] probes = [parameters, subject.CreateStart(unchecked(seed + 1)), Model.Maximize(expected, parameters), Model.Maximize(actual, parameters)];
        foreach (TParameters probe in probes)
        {
            double joint = Model.ExpectedLogJoint(expected, probe);
            double finite = double.IsFinite(joint) ? Math.Abs(joint) : 0;
            CheckEqual(joint, Model.ExpectedLogJoint(actual, probe), scale + finite, $"what the statistics say {what}");
        }
    }

    public void CheckBits(double expected, double actual, string what)
    {
        if (BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(actual))
            throw Broken($"{what} has other bits: {actual:R} where it was {expected:R}.", actual - expected);
    }

    public void CheckBits(LocalBound expected, LocalBound actual, string what)
    {
        CheckBits(expected.ExpectedLogJoint, actual.ExpectedLogJoint, $"the expected log joint {what}");
        CheckBits(expected.Entropy, actual.Entropy, $"the entropy {what}");
        CheckBits(expected.LogEvidence ?? 0, actual.LogEvidence ?? 0, $"the log-evidence {what}");
        for (int i = 0; i < BoundTerms.Capacity; i++) CheckBits(expected.Terms[i], actual.Terms[i], $"term {i} of the bound {what}");
    }

    public void CheckBits<T>(T expected, T actual, string what) where T : ITensors<T>
    {
        TensorSet first = TensorSet.Of(expected), second = TensorSet.Of(actual);
        string names = string.Join(", ", first.Tensors.Select(tensor => tensor.Name)), others = string.Join(", ", second.Tensors.Select(tensor => tensor.Name));
        if (names != others) throw Broken($"{what}: the tensors were ({names}) and now are ({others}).");
        foreach ((NamedTensor one, NamedTensor two) in first.Tensors.Zip(second.Tensors))
            if (!one.Shape.SequenceEqual(two.Shape) || one.Constraint != two.Constraint || one.Values.GetType() != two.Values.GetType() || !one.Bytes.SequenceEqual(two.Bytes))
                throw Broken($"{what}: tensor '{one.Name}' is not the same, bit for bit.");
    }

    public void CheckBits(Found<TStatistics> expected, Found<TStatistics> actual, string what)
    {
        CheckBits(expected.Bound, actual.Bound, what);
        CheckBits(expected.Statistics, actual.Statistics, $"the statistics {what}");
    }

    public ConformanceException Broken(string what, double? amount = null, double? scale = null) => new(law, subject.Name, seed, what.EndsWith('.') ? what : what + ".", amount, scale);
}
