using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Allocation"/>.</summary>
static class AllocationLaw
{
    const int Attempts = 5;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters parameters = trial.Start;
        IEStepKernel<TBatch, TStatistics> kernel = trial.Subject.CreateEStep().Prepare(parameters);
        IObservations<TBatch> observations = trial.Subject.Open();
        TStatistics statistics = trial.Model.CreateStatistics(parameters);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            // The first attempt warms kernel, statistics and the run-time up; what is allocated every time is the kernel's habit.
            statistics = trial.Model.Renew(statistics, parameters);
            TBatch batch = observations.Read(0, observations.Count, default);
            long before = GC.GetAllocatedBytesForCurrentThread();
            kernel.Accumulate(batch, statistics);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        if (least > 0) throw trial.Broken("a warm kernel allocates memory for every batch", least);
    }
}
