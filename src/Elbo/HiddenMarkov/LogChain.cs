namespace Elbo.HiddenMarkov;

/// <summary>
/// Forward and backward in logarithms, for the rare sequence along which a probability that still matters is too small for a double (a left-to-right chain
/// whose evidence turns late). Much slower than <see cref="IChainLanes"/>, and the same otherwise.
/// </summary>
static unsafe class LogChain
{
    /// <summary>A number smaller by this factor's exponential than another does not change their sum's last bit; structural zeros are far beyond.</summary>
    const double Negligible = 50;

    /// <summary>Below this a probability is 0.</summary>
    const double SmallestExponent = -745;

    /// <summary>Turns log-densities into log p(z_t | x_1 … x_t); the scales are log p(x_t | x_1 … x_t−1). The log-evidence; −∞ where the step <paramref name="possible"/> is impossible.</summary>
    public static double Forward(ChainTables tables, double* rows, int length, double* scales, out int possible)
    {
        nint stride = tables.Stride;
        double evidence = 0;
        for (possible = 0; possible < length; possible++, rows += stride)
        {
            for (nint j = 0; j < tables.States; j++)
                rows[j] += possible == 0 ? tables.LogInitial[j] : LogSum(rows - stride, tables.LogTo + j * stride, tables.States);
            double scale = LogSum(rows, null, tables.States);
            if (double.IsNegativeInfinity(scale)) return scale;
            for (nint j = 0; j < tables.States; j++) rows[j] -= scale;
            evidence += scales[possible] = scale;
        }
        return evidence;
    }

    /// <summary>Turns log p(z_t | x_1 … x_t) into γ, and adds Σ_t w ξ_t to <paramref name="transitions"/>. The entropy of q(z_1 … z_T).</summary>
    /// <param name="tables">The chain.</param>
    /// <param name="rows">One row for each step.</param>
    /// <param name="length">T.</param>
    /// <param name="scratch">Room for two rows.</param>
    /// <param name="weight">w.</param>
    /// <param name="transitions">K × K.</param>
    public static double Backward(ChainTables tables, double* rows, int length, double* scratch, double weight, Span<double> transitions)
    {
        nint stride = tables.Stride;
        int states = tables.States;
        double* ratio = scratch, sum = scratch + stride;
        double entropy = 0;
        for (int step = length - 1; step >= 0; step--)
        {
            double* row = rows + step * stride;
            for (nint i = 0; i < states; i++) sum[i] = step == length - 1 ? 0 : LogSum(ratio, tables.LogFrom + i * stride, states);
            double drift = LogSum(row, sum, states);
            if (step < length - 1)
            {
                for (int i = 0; i < states; i++)
                {
                    sum[i] -= drift;
                    for (int j = 0; j < states; j++)
                    {
                        double log = tables.LogFrom[i * stride + j], logStep = row[i] + log + ratio[j] - drift;
                        if (!(logStep > SmallestExponent)) continue;
                        double q = Math.Exp(logStep);
                        transitions[i * states + j] += weight * q;
                        entropy -= q * log;
                    }
                }
            }
            for (nint j = 0; j < states; j++)
            {
                double smoothed = row[j] + sum[j];
                double predicted = step == 0 ? 0 : LogSum(row - stride, tables.LogTo + j * stride, states);
                ratio[j] = double.IsNegativeInfinity(smoothed) ? smoothed : smoothed - predicted;
                row[j] = Math.Exp(smoothed);
                if (row[j] > 0) entropy -= row[j] * (ratio[j] - sum[j]);
            }
        }
        return entropy;
    }

    /// <summary>log Σ exp(a + b); b may be missing.</summary>
    static double LogSum(double* a, double* b, int length)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < length; i++) largest = Math.Max(largest, b is null ? a[i] : a[i] + b[i]);
        if (double.IsNegativeInfinity(largest)) return largest;
        for (int i = 0; i < length; i++)
        {
            double log = b is null ? a[i] : a[i] + b[i];
            if (log > largest - Negligible) sum += Math.Exp(log - largest);
        }
        return largest + Math.Log(sum);
    }
}
