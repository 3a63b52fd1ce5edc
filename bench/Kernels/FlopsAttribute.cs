namespace Kernels;

/// <summary>
/// How many additions, multiplications and divisions one number of a benchmark takes, a fused multiply-add being two. What padding, comparisons and
/// conversions cost is in the time, but is no work that anybody asked for.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlopsAttribute(int count) : Attribute
{
    public int Count { get; } = count;
}
