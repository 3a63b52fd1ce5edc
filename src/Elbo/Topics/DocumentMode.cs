using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// The point ϑ of one document, and the exact posterior of its topics there: r_nk = ϑ_k β_k,w_n / s_n with s_n = Σ_k ϑ_k β_k,w_n, the probability of the token.
/// Scratch for one thread; allocates only where a document is longer than any before, or a token is so improbable that its r needs logarithms.
/// </summary>
sealed unsafe class DocumentMode<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Below this s_n is no longer a sound divisor, and the token's r is computed in logarithms.</summary>
    const double SmallestNormalizer = 1e-250;

    readonly LdaTables _tables;
    readonly DocumentOptions _options;
    readonly int _topics;
    readonly int _stride;
    readonly double _priorNormalizer;

    // Vectors over topics, padded with zeros. Added counts are α − 1.
    readonly AlignedBuffer _vectors = new();
    readonly double* _added, _theta, _sums, _expected, _logTheta;

    readonly DocumentTokens _tokens = new();
    double _assignment;
    readonly List<RareToken> _rare = [];

    /// <summary>A token whose s_n underflows: its r and log s_n, from logarithms.</summary>
    readonly record struct RareToken(int Place, double[] Posterior, double LogNormalizer);

    public DocumentMode(LdaParameters parameters, LdaTables tables, DocumentOptions options)
    {
        _tables = tables;
        _options = options;
        _topics = parameters.Topics;
        _stride = AlignedBuffer.Pad(_topics);
        _priorNormalizer = DirichletMath.LogNormalizer(parameters.Alpha);
        _vectors.EnsureLength(5L * _stride);
        _vectors.Span(0, 5 * _stride).Clear();
        _added = _vectors.Pointer;
        _theta = _added + _stride;
        _sums = _theta + _stride;
        _expected = _sums + _stride;
        _logTheta = _expected + _stride;
        for (int topic = 0; topic < _topics; topic++) _added[topic] = parameters.Alpha[topic] - 1;
    }

    /// <summary>ϑ, K values that add up to 1, after <see cref="Run"/>.</summary>
    public ReadOnlySpan<double> Theta => _vectors.Span(_stride, _topics);

    /// <summary>Updates ϑ, at least once, from a ϑ or cold where none is given. Ends with r at the ϑ that it ends with.</summary>
    public void Run(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, ReadOnlySpan<double> start)
    {
        double total = _tokens.Load(terms, counts, _tables);
        if (start.IsEmpty) Begin(total);
        else start.CopyTo(_vectors.Span(_stride, _topics));
        if (!Expect(terms))
        {
            // Topics that the start has given up are the only ones for a token: only where nothing is added, after underflow.
            Begin(total);
            Expect(terms);
        }
        for (int update = 1; update <= _options.MaximumUpdates; update++)
        {
            double change = Update();
            Expect(terms);
            if (change <= _options.Tolerance * _topics) break;
        }
        GC.KeepAlive(this);
    }

    /// <summary>The document's part of the bound at ϑ and r, in nats, and, on its own way, the log-evidence that it is.</summary>
    public LocalBound Bound()
    {
        double prior = _priorNormalizer, assignment = 0;
        for (int topic = 0; topic < _topics; topic++)
        {
            double log = _logTheta[topic] = LogOf(_theta[topic]);
            prior += _added[topic] * log;
            assignment += _expected[topic] * log;
        }
        double words = 0, entropy = 0, evidence = 0;
        for (int n = 0; n < _tokens.Length; n++)
        {
            ExpectLogs(n, out double logTerm, out double own);
            words += _tokens.Counts[n] * logTerm;
            entropy += _tokens.Counts[n] * own;
            evidence += _tokens.Counts[n] * Math.Log(_tokens.Normalizers[n]);
        }
        foreach ((int place, double[] posterior, double logNormalizer) in _rare)
        {
            evidence += _tokens.Counts[place] * logNormalizer;
            for (int topic = 0; topic < _topics; topic++)
            {
                if (posterior[topic] == 0) continue;
                words += _tokens.Counts[place] * posterior[topic] * _tokens.Logs[place][topic];
                entropy -= _tokens.Counts[place] * posterior[topic] * Math.Log(posterior[topic]);
            }
        }

        BoundTerms terms = default;
        terms[0] = prior;
        terms[1] = assignment;
        terms[2] = words;
        terms[3] = entropy;
        _assignment = assignment;
        GC.KeepAlive(this);
        return new LocalBound(prior + assignment + words, entropy, prior + evidence) { Terms = terms };
    }

    /// <summary>Adds the document's expected statistics; call <see cref="Bound"/> first.</summary>
    public void AddStatistics(ReadOnlySpan<int> terms, double weight, LdaStatistics into)
    {
        into.Documents += weight;
        into.AssignmentLogJoint += weight * _assignment;
        for (int topic = 0; topic < _topics; topic++) into.ExpectedLogProportions[topic] += weight * _logTheta[topic];
        for (int n = 0; n < _tokens.Length; n++)
        {
            double* row = into.RowPointer(terms[n]), weights = _tokens.Weights[n], theta = _theta;
            TLanes ratio = TLanes.Broadcast(weight * _tokens.Ratios[n]);
            for (int k = 0, stride = _stride; k < stride; k += ILanes<TLanes>.Count)
                TLanes.Store(row + k, TLanes.MultiplyAdd(ratio * TLanes.Load(theta + k), TLanes.Load(weights + k), TLanes.Load(row + k)));
        }
        foreach ((int place, double[] posterior, _) in _rare)
        {
            double* row = into.RowPointer(terms[place]);
            for (int topic = 0; topic < _topics; topic++) row[topic] += weight * _tokens.Counts[place] * posterior[topic];
        }
        GC.KeepAlive(this);
    }

    // Every topic explains as many tokens.
    void Begin(double total)
    {
        double sum = 0;
        for (int topic = 0; topic < _topics; topic++) sum += _theta[topic] = _added[topic] + total / _topics;
        for (int topic = 0; topic < _topics; topic++) _theta[topic] = sum > 0 ? _theta[topic] / sum : 1.0 / _topics;
    }

    // r of all tokens at ϑ, and the counts n_k expected under it. False where ϑ rules a token out that the topics do not.
    bool Expect(ReadOnlySpan<int> terms)
    {
        _rare.Clear();
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count) TLanes.Store(_sums + k, TLanes.Zero);
        bool possible = true;
        int n = 0, block = RowKernels<TLanes>.Block, length = _tokens.Length;
        for (; n <= length - block; n += block)
        {
            RowKernels<TLanes>.DotBlock(_theta, _tokens.Weights + n, _stride, _tokens.Normalizers + n);
            for (int i = n; i < n + block; i++) possible &= SetRatio(terms, i);
            RowKernels<TLanes>.AddBlock(_sums, _tokens.Weights + n, _stride, _tokens.Ratios + n);
        }
        for (; n < length; n++)
        {
            _tokens.Normalizers[n] = RowKernels<TLanes>.Dot(_theta, _tokens.Weights[n], _stride);
            possible &= SetRatio(terms, n);
            RowKernels<TLanes>.Add(_sums, _tokens.Weights[n], _stride, _tokens.Ratios[n]);
        }
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count) TLanes.Store(_expected + k, TLanes.Load(_theta + k) * TLanes.Load(_sums + k));
        foreach ((int place, double[] posterior, _) in _rare)
            for (int topic = 0; topic < _topics; topic++) _expected[topic] += _tokens.Counts[place] * posterior[topic];
        return possible;
    }

    // ϑ_k ∝ n_k + added counts; gives Σ_k |Δϑ_k| times what they add up to, in expected tokens.
    double Update()
    {
        TLanes sum = TLanes.Zero;
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count) sum += TLanes.Load(_expected + k) + TLanes.Load(_added + k);
        double total = TLanes.Sum(sum);
        // No token and no prior: one ϑ is as good as another.
        if (total == 0) return 0;
        TLanes all = TLanes.Broadcast(total), change = TLanes.Zero;
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count)
        {
            TLanes theta = (TLanes.Load(_expected + k) + TLanes.Load(_added + k)) / all;
            TLanes difference = theta - TLanes.Load(_theta + k);
            change += TLanes.Max(difference, -difference);
            TLanes.Store(_theta + k, theta);
        }
        return total * TLanes.Sum(change);
    }

    // Of a token: Σ_k r_k log β_k, and −Σ_k r_k log r_k. An r below the normal numbers adds nothing that could be seen.
    void ExpectLogs(int n, out double logTerm, out double entropy)
    {
        double* theta = _theta, weights = _tokens.Weights[n], logs = _tokens.Logs[n];
        TLanes inverse = TLanes.Broadcast(_tokens.Ratios[n] / _tokens.Counts[n]), smallestNormal = TLanes.Broadcast(2.2250738585072014e-308);
        TLanes terms = TLanes.Zero, own = TLanes.Zero;
        for (int k = 0, stride = _stride; k < stride; k += ILanes<TLanes>.Count)
        {
            TLanes posterior = TLanes.Load(theta + k) * TLanes.Load(weights + k) * inverse;
            terms = TLanes.MultiplyAdd(posterior, TLanes.Load(logs + k), terms);
            own = TLanes.MultiplyAdd(posterior, VectorMath.Log(TLanes.Max(posterior, smallestNormal)), own);
        }
        logTerm = TLanes.Sum(terms);
        entropy = -TLanes.Sum(own);
    }

    bool SetRatio(ReadOnlySpan<int> terms, int n)
    {
        if (_tokens.Normalizers[n] >= SmallestNormalizer)
        {
            _tokens.Ratios[n] = _tokens.Counts[n] / _tokens.Normalizers[n];
            return true;
        }
        _tokens.Normalizers[n] = 1;
        _tokens.Ratios[n] = 0;
        return AddRare(terms, n);
    }

    bool AddRare(ReadOnlySpan<int> terms, int n)
    {
        double* logs = _tokens.Logs[n];
        if (!new Span<double>(logs, _topics).ContainsAnyExcept(TopicLogs.LogZero)) throw TopicLogs.Impossible(terms[n]);
        var posterior = new double[_topics];
        bool possible = false;
        for (int topic = 0; topic < _topics; topic++)
        {
            posterior[topic] = logs[topic] + LogOf(_theta[topic]);
            possible |= logs[topic] != TopicLogs.LogZero && _theta[topic] > 0;
        }
        double normalizer = SpecialFunctions.LogSumExp(posterior);
        for (int topic = 0; topic < _topics; topic++) posterior[topic] = Math.Exp(posterior[topic] - normalizer);
        _rare.Add(new RareToken(n, posterior, normalizer));
        return possible;
    }

    static double LogOf(double probability) => probability > 0 ? Math.Log(probability) : TopicLogs.LogZero;
}
