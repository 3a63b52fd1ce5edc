using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// What every document's fixed point reads at fixed parameters: rows by term of E[log β] and of B = exp(E[log β]), padded to whole vectors so that B is 0 there.
/// Filled once a pass, the memory used again.
/// </summary>
sealed unsafe class LdaTables
{
    readonly AlignedBuffer _weights = new();
    readonly AlignedBuffer _logs = new();
    readonly Lock _filling = new();
    LdaParameters? _parameters;
    int _stride;

    /// <summary>B of a term.</summary>
    public double* Weights(int term) => _weights.Pointer + (long)term * _stride;

    /// <summary>E[log β] of a term.</summary>
    public double* Logs(int term) => _logs.Pointer + (long)term * _stride;

    public void Fill<TLanes>(LdaParameters parameters) where TLanes : struct, ILanes<TLanes>
    {
        lock (_filling)
        {
            if (ReferenceEquals(_parameters, parameters)) return;
            var logs = new TopicLogs(parameters);
            _stride = logs.Stride;
            _weights.EnsureLength((long)parameters.Terms * _stride);
            _logs.EnsureLength((long)parameters.Terms * _stride);
            for (int term = 0; term < parameters.Terms; term++)
            {
                logs.Compute<TLanes>(term, Logs(term));
                VectorMath.Exp<TLanes>(Logs(term), Weights(term), _stride);
            }
            _parameters = parameters;
        }
    }
}
