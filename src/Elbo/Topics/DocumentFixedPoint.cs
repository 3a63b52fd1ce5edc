using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// q of one document: γ and, through e = exp Ψ(γ of the update before), φ_nk = e_k B_k,w_n / s_n with s_n = Σ_k e_k B_k,w_n.
/// Scratch for one thread; allocates only where a document is longer than any before, or a token is so improbable that its φ needs logarithms.
/// </summary>
sealed unsafe class DocumentFixedPoint<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Below this s_n is no longer a sound divisor, and the token's φ is computed in logarithms.</summary>
    const double SmallestNormalizer = 1e-250;

    readonly LdaParameters _parameters;
    readonly LdaTables _tables;
    readonly DocumentOptions _options;
    readonly int _topics;
    readonly int _stride;
    readonly double _priorNormalizer;

    // Vectors over topics, padded: α, γ and the γ before with ones, the others with zeros.
    readonly AlignedBuffer _vectors = new();
    readonly double* _alpha, _gamma, _before, _e, _expected, _sums, _logProportions, _logBefore;

    // Values a distinct term: c, s, and c/s (0 for tokens that are handled in logarithms); and where its rows of B and E[log β] are.
    readonly AlignedBuffer _tokens = new();
    double* _counts, _normalizers, _ratios;
    double** _weights, _logs;
    int _length, _capacity;
    double _assignment;
    readonly List<RareToken> _rare = [];

    /// <summary>A token whose s_n underflows: its φ, from logarithms.</summary>
    readonly record struct RareToken(int Place, double[] Phi);

    public DocumentFixedPoint(LdaParameters parameters, LdaTables tables, DocumentOptions options)
    {
        _parameters = parameters;
        _tables = tables;
        _options = options;
        _topics = parameters.Topics;
        _stride = AlignedBuffer.Pad(_topics);
        _priorNormalizer = DirichletMath.LogNormalizer(parameters.Alpha);
        _vectors.EnsureLength(8L * _stride);
        _vectors.Span(0, 8 * _stride).Clear();
        _alpha = _vectors.Pointer;
        _gamma = _alpha + _stride;
        _before = _gamma + _stride;
        _e = _before + _stride;
        _expected = _e + _stride;
        _sums = _expected + _stride;
        _logProportions = _sums + _stride;
        _logBefore = _logProportions + _stride;
        _vectors.Span(0, 3 * _stride).Fill(1);
        parameters.Alpha.CopyTo(_vectors.Span(0, _topics));
    }

    /// <summary>γ, K values, after <see cref="Run"/>.</summary>
    public ReadOnlySpan<double> Gamma => _vectors.Span(_stride, _topics);

    /// <summary>Updates φ and γ to the fixed point, from a γ, or cold where none is given.</summary>
    public void Run(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, ReadOnlySpan<double> start)
    {
        double total = Load(terms, counts);
        if (start.IsEmpty)
        {
            for (int topic = 0; topic < _topics; topic++) _gamma[topic] = _alpha[topic] + total / _topics;
        }
        else
        {
            start.CopyTo(_vectors.Span(_stride, _topics));
        }
        for (int update = 1; update <= _options.MaximumUpdates; update++)
            if (Update(terms) <= _options.Tolerance * _topics) break;
        GC.KeepAlive(this);
    }

    /// <summary>The document's part of the bound at q, in nats, term by term (Blei, Ng, Jordan 2003, eq. 15).</summary>
    public LocalBound Bound()
    {
        VectorMath.Digamma<TLanes>(_gamma, _logProportions, _stride);
        VectorMath.Digamma<TLanes>(_before, _logBefore, _stride);
        double gammaSum = 0;
        for (int topic = 0; topic < _topics; topic++) gammaSum += _gamma[topic];
        var logGammaLanes = TLanes.Zero;
        // The padding adds log Γ(1), 0 but for rounding.
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count) logGammaLanes += VectorMath.LogGamma(TLanes.Load(_gamma + k));
        double logGammas = TLanes.Sum(logGammaLanes);
        double digammaSum = SpecialFunctions.Digamma(gammaSum);
        double prior = 0, assignment = 0, posterior = 0;
        for (int topic = 0; topic < _topics; topic++)
        {
            double log = _logProportions[topic] -= digammaSum;
            prior += (_alpha[topic] - 1) * log;
            assignment += _expected[topic] * log;
            posterior += (_gamma[topic] - 1) * log;
        }

        double words = 0, assignmentEntropy = 0;
        for (int n = 0; n < _length; n++)
        {
            ExpectLogs(_weights[n], _logs[n], out double logTerm, out double logWeight);
            words += _ratios[n] * logTerm;
            assignmentEntropy += _counts[n] * Math.Log(_normalizers[n]) - _ratios[n] * logWeight;
        }
        foreach ((int place, double[] phi) in _rare)
        {
            for (int topic = 0; topic < _topics; topic++)
            {
                if (phi[topic] == 0) continue;
                words += _counts[place] * phi[topic] * _logs[place][topic];
                assignmentEntropy -= _counts[place] * phi[topic] * Math.Log(phi[topic]);
            }
        }

        BoundTerms terms = default;
        terms[0] = _priorNormalizer + prior;
        terms[1] = assignment;
        terms[2] = words;
        terms[3] = logGammas - SpecialFunctions.LogGamma(gammaSum) - posterior;
        terms[4] = assignmentEntropy;
        _assignment = assignment;
        GC.KeepAlive(this);
        return new LocalBound(terms[0] + terms[1] + terms[2], terms[3] + terms[4], null) { Terms = terms };
    }

    /// <summary>Adds the document's expected statistics; call <see cref="Bound"/> first.</summary>
    public void AddStatistics(ReadOnlySpan<int> terms, double weight, LdaStatistics into)
    {
        into.Documents += weight;
        into.AssignmentLogJoint += weight * _assignment;
        for (int topic = 0; topic < _topics; topic++) into.ExpectedLogProportions[topic] += weight * _logProportions[topic];
        for (int n = 0; n < _length; n++)
        {
            double* row = into.RowPointer(terms[n]), weights = _weights[n], e = _e;
            TLanes ratio = TLanes.Broadcast(weight * _ratios[n]);
            for (int k = 0, stride = _stride; k < stride; k += ILanes<TLanes>.Count)
                TLanes.Store(row + k, TLanes.MultiplyAdd(ratio * TLanes.Load(e + k), TLanes.Load(weights + k), TLanes.Load(row + k)));
        }
        foreach ((int place, double[] phi) in _rare)
        {
            double* row = into.RowPointer(terms[place]);
            for (int topic = 0; topic < _topics; topic++) row[topic] += weight * _counts[place] * phi[topic];
        }
        GC.KeepAlive(this);
    }

    double Load(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        _length = terms.Length;
        if (_capacity < _length)
        {
            _capacity = AlignedBuffer.Pad(_length * 2);
            // A pointer takes as much room as a double.
            _tokens.EnsureLength(5L * _capacity);
            _counts = _tokens.Pointer;
            _normalizers = _counts + _capacity;
            _ratios = _normalizers + _capacity;
            _weights = (double**)(_ratios + _capacity);
            _logs = _weights + _capacity;
        }
        double total = 0;
        for (int n = 0; n < _length; n++)
        {
            _weights[n] = _tables.Weights(terms[n]);
            _logs[n] = _tables.Logs(terms[n]);
            _counts[n] = counts[n];
            total += counts[n];
        }
        return total;
    }

    // One update of all φ, then of γ; gives Σ_k |Δγ_k|.
    double Update(ReadOnlySpan<int> terms)
    {
        _rare.Clear();
        VectorMath.ExpDigamma<TLanes>(_gamma, _e, _stride);
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count)
        {
            TLanes.Store(_before + k, TLanes.Load(_gamma + k));
            TLanes.Store(_sums + k, TLanes.Zero);
        }

        int n = 0, block = RowKernels<TLanes>.Block;
        for (; n <= _length - block; n += block)
        {
            RowKernels<TLanes>.DotBlock(_e, _weights + n, _stride, _normalizers + n);
            for (int i = n; i < n + block; i++) SetRatio(terms, i);
            RowKernels<TLanes>.AddBlock(_sums, _weights + n, _stride, _ratios + n);
        }
        for (; n < _length; n++)
        {
            _normalizers[n] = RowKernels<TLanes>.Dot(_e, _weights[n], _stride);
            SetRatio(terms, n);
            RowKernels<TLanes>.Add(_sums, _weights[n], _stride, _ratios[n]);
        }

        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count)
            TLanes.Store(_expected + k, TLanes.Load(_e + k) * TLanes.Load(_sums + k));
        foreach ((int place, double[] phi) in _rare)
            for (int topic = 0; topic < _topics; topic++) _expected[topic] += _counts[place] * phi[topic];

        var change = TLanes.Zero;
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count)
        {
            TLanes gamma = TLanes.Load(_alpha + k) + TLanes.Load(_expected + k);
            TLanes difference = gamma - TLanes.Load(_before + k);
            change += TLanes.Max(difference, -difference);
            TLanes.Store(_gamma + k, gamma);
        }
        return TLanes.Sum(change);
    }

    // Of a token, times s: E_q[E[log β]] = Σ_k e_k B_k E[log β_k], and E_q[log φ + log s] = Σ_k e_k B_k (E[log β_k] + log e_k).
    void ExpectLogs(double* weights, double* logs, out double logTerm, out double logWeight)
    {
        double* e = _e, logE = _logBefore;
        TLanes terms = TLanes.Zero, all = TLanes.Zero;
        for (int k = 0, stride = _stride; k < stride; k += ILanes<TLanes>.Count)
        {
            TLanes weight = TLanes.Load(e + k) * TLanes.Load(weights + k), log = TLanes.Load(logs + k);
            terms = TLanes.MultiplyAdd(weight, log, terms);
            all = TLanes.MultiplyAdd(weight, log + TLanes.Load(logE + k), all);
        }
        logTerm = TLanes.Sum(terms);
        logWeight = TLanes.Sum(all);
    }

    void SetRatio(ReadOnlySpan<int> terms, int n)
    {
        if (_normalizers[n] >= SmallestNormalizer)
        {
            _ratios[n] = _counts[n] / _normalizers[n];
            return;
        }
        AddRare(terms, n);
        _normalizers[n] = 1;
        _ratios[n] = 0;
    }

    void AddRare(ReadOnlySpan<int> terms, int n)
    {
        var phi = new double[_topics];
        for (int topic = 0; topic < _topics; topic++)
            phi[topic] = _logs[n][topic] + SpecialFunctions.Digamma(_before[topic]);
        double normalizer = SpecialFunctions.LogSumExp(phi);
        if (_parameters.HasPoints && !new Span<double>(_logs[n], _topics).ContainsAnyExcept(TopicLogs.LogZero))
            throw TopicLogs.Impossible(terms[n]);
        for (int topic = 0; topic < _topics; topic++) phi[topic] = Math.Exp(phi[topic] - normalizer);
        _rare.Add(new RareToken(n, phi));
    }
}
