using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// What every document's fixed point reads at fixed parameters: rows by term of E[log β] and of B = exp(E[log β]), padded with zeros to whole vectors.
/// Filled once a pass, the memory used again.
/// </summary>
sealed unsafe class LdaTables
{
    readonly AlignedBuffer _weights = new();
    readonly Lock _filling = new();
    LdaParameters? _parameters;
    TopicLogs? _logs;

    /// <summary>B of a term.</summary>
    public double* Weights(int term) => _weights.Pointer + (long)term * _logs!.Stride;

    /// <summary>E[log β] of a term.</summary>
    public double* Logs(int term) => _logs!.Row(term);

    public void Fill<TLanes>(LdaParameters parameters) where TLanes : struct, ILanes<TLanes>
    {
        lock (_filling)
        {
            if (ReferenceEquals(_parameters, parameters)) return;
            _logs = parameters.Logs;
            _weights.EnsureLength((long)parameters.Terms * _logs.Stride);
            for (int term = 0; term < parameters.Terms; term++) VectorMath.Exp<TLanes>(Logs(term), Weights(term), _logs.Stride);
            _parameters = parameters;
        }
    }
}
