using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>Documents at fixed topics by mean field in single precision: γ of each, cold, and its part of the bound.</summary>
interface ISingleMeanField
{
    /// <summary>A worker with scratch of its own; the tables are shared.</summary>
    ISingleDocument Worker();
}

/// <summary>Finds one document after another. For one thread.</summary>
interface ISingleDocument
{
    /// <summary>Finds γ.</summary>
    void Run(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts);

    /// <summary>Σ_n φ_nk: K expected counts. γ = α + these.</summary>
    ReadOnlySpan<float> Expected { get; }

    /// <summary>The document's part of the bound at q, in nats, term by term (Blei, Ng, Jordan 2003, eq. 15).</summary>
    LocalBound Bound(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts);
}

/// <inheritdoc cref="ISingleMeanField"/>
sealed unsafe class SingleMeanField<TLanes> : ISingleMeanField where TLanes : struct, ISingleLanes<TLanes>
{
    readonly DocumentOptions _options;
    readonly double[] _alpha;
    readonly float[] _singleAlpha;
    readonly int _topics, _stride;
    readonly double _priorNormalizer;

    // B = exp E[log β] and E[log β], rows by term; in the padding B is 0.
    readonly AlignedBuffer<float> _weights = new(), _logs = new();

    public SingleMeanField(LdaParameters parameters, DocumentOptions options, KernelProfile profile)
    {
        _options = options;
        _alpha = parameters.Alpha.ToArray();
        _singleAlpha = [.. _alpha.Select(value => (float)value)];
        _topics = parameters.Topics;
        _stride = CountTable.Pad(_topics);
        _priorNormalizer = DirichletMath.LogNormalizer(_alpha);
        _weights.EnsureLength((long)parameters.Terms * _stride);
        _logs.EnsureLength((long)parameters.Terms * _stride);
        KernelProfiles.Run(profile, new Filling(parameters, _weights.Pointer, _logs.Pointer, _stride));
    }

    public ISingleDocument Worker() => new Document(this);

    /// <summary>The tables in double precision, then rounded, so that they are those of the E-step that has a certificate.</summary>
    readonly struct Filling(LdaParameters parameters, float* weights, float* logs, int stride) : ILanesVisitor<bool>
    {
        public bool Visit<TDouble>() where TDouble : struct, ILanes<TDouble>
        {
            var topicLogs = new TopicLogs(parameters);
            var row = new AlignedBuffer();
            row.EnsureLength(2L * topicLogs.Stride);
            double* doubles = row.Pointer, exponentials = doubles + topicLogs.Stride;
            for (int term = 0; term < parameters.Terms; term++)
            {
                topicLogs.Compute<TDouble>(term, doubles);
                VectorMath.Exp<TDouble>(doubles, exponentials, topicLogs.Stride);
                float* b = weights + (nint)term * stride, log = logs + (nint)term * stride;
                for (int k = 0; k < stride; k++)
                {
                    b[k] = k < parameters.Topics ? (float)exponentials[k] : 0;
                    log[k] = k < parameters.Topics ? (float)doubles[k] : 0;
                }
            }
            GC.KeepAlive(row);
            return true;
        }
    }

    sealed class Document : ISingleDocument
    {
        readonly SingleMeanField<TLanes> _tables;
        readonly DocumentSweep<TLanes, MeanFieldProportions<TLanes>> _sweep;
        readonly AlignedBuffer<float> _weights = new(), _ratios = new(), _functions = new();
        double _evidence;

        public Document(SingleMeanField<TLanes> tables)
        {
            _tables = tables;
            _sweep = new(tables._topics);
            _weights.EnsureLength(tables._stride);
            _functions.EnsureLength(3L * tables._stride);
            _functions.Span(0, 3 * tables._stride).Fill(1);
        }

        public ReadOnlySpan<float> Expected => _sweep.Expected;

        public void Run(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
        {
            _ratios.EnsureLength(terms.Length + 1);
            _evidence = _sweep.Run(_tables._weights.Pointer, terms, counts, _tables._singleAlpha, (float)_tables._options.Tolerance, _tables._options.MaximumUpdates, _weights.Pointer, _ratios.Pointer);
        }

        public LocalBound Bound(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
        {
            double[] alpha = _tables._alpha;
            ReadOnlySpan<float> expected = Expected;
            double gammaSum = 0;
            for (int topic = 0; topic < alpha.Length; topic++) gammaSum += alpha[topic] + expected[topic];
            float* digammas = _functions.Pointer, logGammas = digammas + _tables._stride, logWeights = logGammas + _tables._stride;
            for (int topic = 0; topic < alpha.Length; topic++)
            {
                digammas[topic] = logGammas[topic] = (float)(alpha[topic] + expected[topic]);
                logWeights[topic] = Math.Max(_weights.Pointer[topic], 1.1754944e-38f);
            }
            SingleMath.Digamma<TLanes>(digammas, digammas, _tables._stride);
            SingleMath.LogGamma<TLanes>(logGammas, logGammas, _tables._stride);
            SingleMath.Log<TLanes>(logWeights, logWeights, _tables._stride);
            double digammaSum = SpecialFunctions.Digamma(gammaSum), prior = 0, assignment = 0, posterior = 0, assignmentEntropy = _evidence;
            for (int topic = 0; topic < alpha.Length; topic++)
            {
                double gamma = alpha[topic] + expected[topic], log = digammas[topic] - digammaSum;
                prior += (alpha[topic] - 1) * log;
                assignment += expected[topic] * log;
                posterior += logGammas[topic] - (gamma - 1) * log;
                // A weight of 0 goes with no tokens.
                assignmentEntropy -= expected[topic] * (double)logWeights[topic];
            }
            double words = Words(terms);
            BoundTerms parts = default;
            parts[0] = _tables._priorNormalizer + prior;
            parts[1] = assignment;
            parts[2] = words;
            parts[3] = posterior - SpecialFunctions.LogGamma(gammaSum);
            parts[4] = assignmentEntropy - words;
            return new LocalBound(parts[0] + parts[1] + parts[2], parts[3] + parts[4], null) { Terms = parts };
        }

        // Σ_n Σ_k c_n φ_nk E[log β_k,w_n].
        double Words(ReadOnlySpan<int> terms)
        {
            double sum = 0;
            for (int n = 0; n < terms.Length; n++)
            {
                float* b = _tables._weights.Pointer + (nint)terms[n] * _tables._stride, log = _tables._logs.Pointer + (nint)terms[n] * _tables._stride;
                TLanes row = TLanes.Zero;
                for (int k = 0; k < _tables._stride; k += ISingleLanes<TLanes>.Count)
                    row = TLanes.MultiplyAdd(TLanes.Load(_weights.Pointer + k) * TLanes.Load(b + k), TLanes.Load(log + k), row);
                sum += (double)_ratios.Pointer[n] * TLanes.Sum(row);
            }
            return sum;
        }
    }
}

/// <summary>Makes a <see cref="SingleMeanField{TLanes}"/> on the lanes of a profile.</summary>
readonly struct SingleMeanFieldMaker(LdaParameters parameters, DocumentOptions options) : ISingleLanesVisitor<ISingleMeanField>
{
    public ISingleMeanField Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => new SingleMeanField<TLanes>(parameters, options, KernelProfiles.Current);
}
