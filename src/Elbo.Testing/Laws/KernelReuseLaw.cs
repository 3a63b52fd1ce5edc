using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.KernelReuse"/>: scratch memory that is used again holds nothing of before.</summary>
static class KernelReuseLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
            IEStepKernel<TBatch, TStatistics> kernel = eStep.Prepare(parameters);
            Found<TStatistics> first = Pass();
            trial.CheckBits(first, Pass(), "when a kernel takes the same batch again");

            TStatistics other = trial.Model.CreateStatistics(parameters);
            IObservations<TBatch> observations = trial.Subject.Open();
            for (int i = observations.Count - 1; i >= 0; i--) kernel.Accumulate(observations.Read(i, 1, default), other);
            trial.CheckBits(first, Pass(), "when a kernel took other batches in between");

            TParameters elsewhere = trial.Model.Maximize(first.Statistics, parameters);
            trial.Pass(eStep.Prepare(elsewhere), trial.Subject.Open(), elsewhere);
            kernel = eStep.Prepare(parameters);
            trial.CheckBits(first, Pass(), "when the E-step was prepared for other parameters in between");

            Found<TStatistics> Pass() => trial.Pass(kernel, trial.Subject.Open(), parameters);
        }
    }
}
