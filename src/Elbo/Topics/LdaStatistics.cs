using System.Runtime.InteropServices;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// What LDA's M-step needs of the documents: how many there are, Σ_d E_q[log ϑ_d], and the expected counts of every term in every topic,
/// kept for the terms that occur. Not thread-safe.
/// </summary>
public sealed class LdaStatistics : IStatistics<LdaStatistics>
{
    readonly int[] _rowOf;
    readonly List<int> _terms = [];
    readonly AlignedBuffer _rows = new();

    /// <summary>Empty statistics for <paramref name="terms"/> terms and <paramref name="topics"/> topics.</summary>
    public LdaStatistics(int terms, int topics)
    {
        Topics = topics;
        Stride = AlignedBuffer.Pad(topics);
        _rowOf = new int[terms];
        Array.Fill(_rowOf, -1);
        ExpectedLogProportions = new double[topics];
    }

    /// <summary>K, the number of topics.</summary>
    public int Topics { get; }

    /// <summary>V, the number of terms.</summary>
    public int Terms => _rowOf.Length;

    /// <summary>How many documents were seen, by weight.</summary>
    public double Documents { get; internal set; }

    /// <summary>Σ_d Σ_k N_dk E_q[log ϑ_dk] in nats: E_q[log p(z | ϑ)], which no parameter enters.</summary>
    public double AssignmentLogJoint { get; internal set; }

    /// <summary>Σ_d E_q[log ϑ_dk] in nats, K values.</summary>
    internal double[] ExpectedLogProportions { get; }

    /// <summary>The terms that have counts.</summary>
    public int TouchedTerms => _terms.Count;

    /// <summary>Σ_d Σ_n φ_dnk [w_dn = v] of one term: K expected counts, or none where the term did not occur.</summary>
    public ReadOnlySpan<double> Counts(int term) => _rowOf[term] < 0 ? [] : Row(_rowOf[term])[..Topics];

    /// <summary>Rows are padded to this many doubles, whole vectors.</summary>
    internal int Stride { get; }

    /// <summary>The padded row of a term, made if it is new.</summary>
    internal Span<double> MakeRow(int term) => Row(RowOf(term));

    /// <summary>The same as a pointer, good until another row is made and while these statistics are reachable.</summary>
    internal unsafe double* RowPointer(int term)
    {
        // First the row, which may move the memory.
        int row = RowOf(term);
        return _rows.Pointer + (long)row * Stride;
    }

    int RowOf(int term)
    {
        int row = _rowOf[term];
        if (row < 0)
        {
            row = _terms.Count;
            _rows.EnsureLength((row + 1L) * Stride);
            _rowOf[term] = row;
            _terms.Add(term);
            Row(row).Clear();
        }
        return row;
    }

    /// <inheritdoc/>
    public void Add(LdaStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Terms != Terms || other.Topics != Topics)
            throw new ArgumentException($"Statistics of {other.Terms} terms and {other.Topics} topics cannot be added to those of {Terms} and {Topics}.", nameof(other));
        Documents += other.Documents;
        AssignmentLogJoint += other.AssignmentLogJoint;
        for (int topic = 0; topic < Topics; topic++) ExpectedLogProportions[topic] += other.ExpectedLogProportions[topic];
        for (int row = 0; row < other._terms.Count; row++)
        {
            Span<double> target = MakeRow(other._terms[row]);
            System.Numerics.Tensors.TensorPrimitives.Add(target, other.Row(row), target);
        }
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        Documents *= factor;
        AssignmentLogJoint *= factor;
        foreach (ref double value in ExpectedLogProportions.AsSpan()) value *= factor;
        for (int row = 0; row < _terms.Count; row++)
            foreach (ref double value in Row(row)) value *= factor;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Documents = 0;
        AssignmentLogJoint = 0;
        Array.Clear(ExpectedLogProportions);
        foreach (int term in _terms) _rowOf[term] = -1;
        _terms.Clear();
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("vocabulary_size", [], [Terms]);
        visitor.Visit("sums", [2], [Documents, AssignmentLogJoint], TensorConstraint.Fixed);
        visitor.Visit("expected_log_proportions", [Topics], ExpectedLogProportions, TensorConstraint.Fixed);
        visitor.Visit("terms", [_terms.Count], CollectionsMarshal.AsSpan(_terms));
        var counts = new double[_terms.Count * (long)Topics];
        for (int row = 0; row < _terms.Count; row++) Row(row)[..Topics].CopyTo(counts.AsSpan(row * Topics));
        visitor.Visit("counts", [_terms.Count, Topics], counts, TensorConstraint.Fixed);
    }

    /// <inheritdoc/>
    public static LdaStatistics FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        int topics = tensors.Length("expected_log_proportions", 0);
        int vocabulary = tensors.Integers("vocabulary_size")[0];
        int[] terms = tensors.Integers("terms", -1);
        if (vocabulary < terms.Length)
            throw new InvalidDataException($"Tensor 'terms' has {terms.Length} terms of a vocabulary of {vocabulary}.");
        double[] counts = tensors.Doubles("counts", TensorConstraint.Fixed, terms.Length, topics);
        double[] sums = tensors.Doubles("sums", TensorConstraint.Fixed, 2);
        var statistics = new LdaStatistics(vocabulary, topics) { Documents = sums[0], AssignmentLogJoint = sums[1] };
        tensors.Doubles("expected_log_proportions", TensorConstraint.Fixed, topics).CopyTo(statistics.ExpectedLogProportions, 0);
        for (int row = 0; row < terms.Length; row++)
        {
            if ((uint)terms[row] >= (uint)vocabulary || statistics._rowOf[terms[row]] >= 0)
                throw new InvalidDataException($"Tensor 'terms' has {terms[row]} at place {row}, which is outside the vocabulary or there twice.");
            counts.AsSpan(row * topics, topics).CopyTo(statistics.MakeRow(terms[row]));
        }
        return statistics;
    }

    Span<double> Row(int row) => _rows.Span((long)row * Stride, Stride);
}
