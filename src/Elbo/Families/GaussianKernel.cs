using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>Gaussian components at fixed parameters.</summary>
sealed unsafe class GaussianKernel : IComponentKernel<GaussianStatistics>
{
    readonly GaussianComponents _components;
    readonly IGaussianLanes _lanes;
    readonly double[] _constants;

    public GaussianKernel(GaussianComponents components, KernelProfile profile)
    {
        _components = components;
        _lanes = CreateLanes(components, profile);
        _constants = new double[components.Count];
        for (int k = 0; k < _constants.Length; k++)
            _constants[k] = -0.5 * (components.Columns * Math.Log(2 * Math.PI) + components.LogDeterminant(components.Structure.GroupOf(k)));
    }

    public static IGaussianLanes CreateLanes(GaussianComponents components, KernelProfile profile) => KernelProfiles.Run(profile, new LanesMaker(components));

    public void LogDensities(RowBlock block, Span<double> into)
    {
        Check(block, into.Length);
        fixed (double* logs = into)
            for (int k = 0; k < _constants.Length; k++) _lanes.LogDensities(block, k, _constants[k], logs + k * RowBlock.Capacity);
    }

    public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, GaussianStatistics into)
    {
        Check(block, Math.Min(responsibilities.Length, logDensities.Length));
        if (!into.IsOf(_components)) throw new ArgumentException("The statistics are of other components.", nameof(into));
        fixed (double* q = responsibilities, logs = logDensities)
        {
            for (int k = 0; k < _constants.Length; k++) _lanes.AddMoments(block, k, q + k * RowBlock.Capacity, into);
            return new FamilyBound(_lanes.Expectation(q, logs, _constants.Length * RowBlock.Capacity), 0);
        }
    }

    /// <summary>Beyond here pointers trust their lengths.</summary>
    void Check(RowBlock block, int length)
    {
        if (block.Columns != _components.Columns || block.Values.Length < block.Columns * RowBlock.Capacity)
            throw new ArgumentException($"The block has {block.Columns} columns in {block.Values.Length} numbers, and the components have {_components.Columns} columns.", nameof(block));
        if (length < _constants.Length * RowBlock.Capacity)
            throw new ArgumentException($"There is room for {length} numbers, and {_constants.Length} components need {_constants.Length * RowBlock.Capacity}.", nameof(length));
    }

    sealed class LanesMaker(GaussianComponents components) : ILanesVisitor<IGaussianLanes>
    {
        public IGaussianLanes Visit<TLanes>() where TLanes : struct, ILanes<TLanes> => new GaussianLanes<TLanes>(components);
    }
}
