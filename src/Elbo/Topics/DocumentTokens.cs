using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// The distinct terms of one document, value by value in the order of their ids: how often each occurs, where its rows of B and E[log β] are, and room for what an E-step finds.
/// Scratch for one thread; allocates only where a document is longer than any before.
/// </summary>
sealed unsafe class DocumentTokens
{
    readonly AlignedBuffer _memory = new();
    int _capacity;

    /// <summary>How many distinct terms.</summary>
    public int Length { get; private set; }

    /// <summary>c_n.</summary>
    public double* Counts { get; private set; }

    /// <summary>s_n, which makes responsibilities add up to 1.</summary>
    public double* Normalizers { get; private set; }

    /// <summary>c_n / s_n.</summary>
    public double* Ratios { get; private set; }

    /// <summary>Rows of B.</summary>
    public double** Weights { get; private set; }

    /// <summary>Rows of E[log β].</summary>
    public double** Logs { get; private set; }

    /// <summary>Takes a document; gives its number of tokens.</summary>
    public double Load(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, LdaTables tables)
    {
        Length = terms.Length;
        if (_capacity < Length)
        {
            _capacity = AlignedBuffer.Pad(Length * 2);
            // A pointer takes as much room as a double.
            _memory.EnsureLength(5L * _capacity);
            Counts = _memory.Pointer;
            Normalizers = Counts + _capacity;
            Ratios = Normalizers + _capacity;
            Weights = (double**)(Ratios + _capacity);
            Logs = Weights + _capacity;
        }
        double total = 0;
        for (int n = 0; n < Length; n++)
        {
            Weights[n] = tables.Weights(terms[n]);
            Logs[n] = tables.Logs(terms[n]);
            Counts[n] = counts[n];
            total += counts[n];
        }
        return total;
    }
}
