using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Kernels;

/// <summary>All updates of a document: <see cref="DocumentSweep{TLanes, TProportions}.Run"/>.</summary>
unsafe delegate double DocumentRun(float* table, ReadOnlySpan<int> places, ReadOnlySpan<int> counts, ReadOnlySpan<float> alpha, float tolerance, int updates, float* weights, float* ratios);

/// <summary>
/// The kernels on the lanes of the current profile. Lanes are internal and benchmarks public, so these cannot be generic over those; a call through a
/// pointer costs what the call of a kernel costs anyway, for none of them is inlined.
/// </summary>
sealed unsafe class LaneKernels
{
    public static LaneKernels Current { get; } = KernelProfiles.Run(KernelProfiles.Current, default(Maker));

    public required delegate*<float*, float**, nint, float*, void> DotRows { get; init; }

    public required delegate*<float*, float**, nint, float*, void> AddRows { get; init; }

    public required delegate*<float*, float*, nint, nint, float*, void> DotColumns { get; init; }

    public required delegate*<float*, float*, nint, nint, float*, void> SumColumns { get; init; }

    public required delegate*<float*, nint, float*, Posting*, Posting*, float*, void> AddPostings { get; init; }

    public required delegate*<float*, nint, ReadOnlySpan<int>, ReadOnlySpan<int>, int*, nint, float*, float, float*, float*, ushort*, float*, float*, float> CollapsedSweep { get; init; }

    public required delegate*<float*, float*, int, void> Exp { get; init; }

    public required delegate*<float*, float*, int, void> Log { get; init; }

    public required delegate*<float*, float*, int, void> ExpDigamma { get; init; }

    public required delegate*<int, float> Peak { get; init; }

    public required Func<int, DocumentRun> NewDocument { get; init; }

    readonly struct Maker : ISingleLanesVisitor<LaneKernels>
    {
        public LaneKernels Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => new()
        {
            DotRows = &SweepKernels<TLanes>.DotRows,
            AddRows = &SweepKernels<TLanes>.AddRows,
            DotColumns = &SweepKernels<TLanes>.DotColumns,
            SumColumns = &SweepKernels<TLanes>.SumColumns,
            AddPostings = &SweepKernels<TLanes>.AddPostings,
            CollapsedSweep = &CollapsedKernel<TLanes>.Sweep,
            Exp = &SingleMath.Exp<TLanes>,
            Log = &SingleMath.Log<TLanes>,
            ExpDigamma = &SingleMath.ExpDigamma<TLanes>,
            Peak = &FmaPeak.Run<TLanes>,
            NewDocument = topics => new DocumentSweep<TLanes, PointProportions<TLanes>>(topics).Run,
        };
    }
}
