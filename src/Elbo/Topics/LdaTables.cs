using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// What every document's fixed point reads at fixed parameters: a row a term of B = exp(E[log β]) and of B log B, padded with zeros to whole vectors.
/// Filled once a pass, the memory used again.
/// </summary>
sealed unsafe class LdaTables
{
    readonly AlignedBuffer _weights = new();
    readonly AlignedBuffer _weightedLogs = new();
    readonly Lock _filling = new();
    LdaParameters? _parameters;
    int _stride;

    /// <summary>B of a term.</summary>
    public double* Weights(int term) => _weights.Pointer + (long)term * _stride;

    /// <summary>B log B of a term; 0 where B is 0.</summary>
    public double* WeightedLogs(int term) => _weightedLogs.Pointer + (long)term * _stride;

    public void Fill<TLanes>(LdaParameters parameters) where TLanes : struct, ILanes<TLanes>
    {
        lock (_filling)
        {
            if (ReferenceEquals(_parameters, parameters)) return;
            _stride = AlignedBuffer.Pad(parameters.Topics);
            _weights.EnsureLength((long)parameters.Terms * _stride);
            _weightedLogs.EnsureLength((long)parameters.Terms * _stride);
            var factors = new AlignedBuffer();
            factors.EnsureLength(_stride);
            for (int topic = 0; topic < _stride; topic++)
            {
                factors.Pointer[topic] = topic >= parameters.Topics ? 0
                    : parameters.Prior is null ? 1
                    : 1 / SpecialFunctions.ExpDigamma(parameters.TopicSums[topic]);
            }
            for (int term = 0; term < parameters.Terms; term++)
            {
                double* weights = Weights(term);
                // The padding may be anything the functions take; the factor 0 puts it out.
                new Span<double>(weights, _stride).Fill(1);
                parameters.TermTopic.Slice(term * parameters.Topics, parameters.Topics).CopyTo(new Span<double>(weights, parameters.Topics));
                if (parameters.Prior is not null) VectorMath.ExpDigamma<TLanes>(weights, weights, _stride);
                FillRow<TLanes>(weights, WeightedLogs(term), factors.Pointer);
            }
            _parameters = parameters;
        }
    }

    void FillRow<TLanes>(double* weights, double* weightedLogs, double* factors) where TLanes : struct, ILanes<TLanes>
    {
        var smallest = TLanes.Broadcast(1e-300);
        for (int k = 0; k < _stride; k += ILanes<TLanes>.Count)
        {
            TLanes weight = TLanes.Load(weights + k) * TLanes.Load(factors + k);
            TLanes.Store(weights + k, weight);
            // log of the floor times a weight of 0 is 0; between them the error is far below the smallest sum.
            TLanes.Store(weightedLogs + k, weight * VectorMath.Log(TLanes.Max(weight, smallest)));
        }
    }
}
