using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// n_kv, the expected counts of every term in every topic, in single precision: what the fast E-steps learn. Rows by term, padded to whole vectors with zeros.
/// </summary>
sealed unsafe class CountTable
{
    AlignedBuffer<float> _rows = new();

    public CountTable(int terms, int topics)
    {
        Terms = terms;
        Topics = topics;
        Stride = Pad(topics);
        Sums = new double[topics];
        _rows.EnsureLength((long)terms * Stride);
        Clear();
    }

    /// <summary>V.</summary>
    public int Terms { get; }

    /// <summary>K.</summary>
    public int Topics { get; }

    /// <summary>The length of a padded row.</summary>
    public int Stride { get; }

    /// <summary>n_k = Σ_v n_kv.</summary>
    public double[] Sums { get; private set; }

    /// <summary>What rows must be multiplied by: fading all counts at once changes nothing but this.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>The next length in whole vectors.</summary>
    public static int Pad(int length) => checked(length + ISingleLanes<SingleLanesPortable>.Count - 1) / ISingleLanes<SingleLanesPortable>.Count * ISingleLanes<SingleLanesPortable>.Count;

    /// <summary>The row of a term, to be multiplied by <see cref="Factor"/>.</summary>
    public float* Row(int term) => _rows.Pointer + (long)term * Stride;

    public Span<float> Span(int term) => _rows.Span((long)term * Stride, Topics);

    public void Clear()
    {
        for (int term = 0; term < Terms; term++) _rows.Span((long)term * Stride, Stride).Clear();
        Array.Clear(Sums);
        Factor = 1;
    }

    /// <summary>Multiplies all counts.</summary>
    public void Fade(double keep)
    {
        const double Smallest = 1e-9;
        Factor *= keep;
        for (int topic = 0; topic < Topics; topic++) Sums[topic] *= keep;
        // Long before a factor leaves single precision, it goes into the rows.
        if (Factor < Smallest) Settle();
    }

    /// <summary>Puts the factor into the rows, and adds the columns up anew, in the order of terms.</summary>
    public void Settle()
    {
        Array.Clear(Sums);
        for (int term = 0; term < Terms; term++)
        {
            Span<float> row = Span(term);
            for (int topic = 0; topic < row.Length; topic++)
            {
                row[topic] = (float)(row[topic] * Factor);
                Sums[topic] += row[topic];
            }
        }
        Factor = 1;
    }

    /// <summary>Exchanges all counts with those of a table of the same size.</summary>
    public void Swap(CountTable other)
    {
        (_rows, other._rows) = (other._rows, _rows);
        (Sums, other.Sums) = (other.Sums, Sums);
        (Factor, other.Factor) = (other.Factor, Factor);
    }

    public void CopyTo(CountTable other)
    {
        for (int term = 0; term < Terms; term++) Span(term).CopyTo(other.Span(term));
        Sums.CopyTo(other.Sums, 0);
        other.Factor = Factor;
    }

    /// <summary>The counts of a start: λ less its prior, scaled to the tokens of a corpus shared evenly between the topics.</summary>
    public static CountTable FromStart(LdaParameters start, long tokens)
    {
        var table = new CountTable(start.Terms, start.Topics);
        double share = (double)tokens / start.Topics;
        for (int term = 0; term < table.Terms; term++)
        {
            Span<float> row = table.Span(term);
            for (int topic = 0; topic < row.Length; topic++) row[topic] = (float)(share * start.TermProbability(topic, term));
        }
        table.Settle();
        return table;
    }

    /// <summary>The topics as parameters: λ = η + n.</summary>
    public LdaParameters ToParameters(double[] alpha, double eta)
    {
        Settle();
        var termTopic = new double[checked(Terms * Topics)];
        for (int term = 0; term < Terms; term++)
        {
            Span<float> row = Span(term);
            for (int topic = 0; topic < row.Length; topic++)
                termTopic[term * Topics + topic] = eta + Math.Max(0, row[topic]);
        }
        return new LdaParameters(termTopic, alpha, new TopicPrior(eta));
    }
}
