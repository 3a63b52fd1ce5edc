using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.CodecRoundTrip"/>: what is written to a file or sent to another machine is all there is.</summary>
static class CodecRoundTripLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            TParameters copy = RoundTrip(trial, parameters, "the parameters");
            Found<TStatistics> found = Pass(parameters), again = Pass(copy);
            trial.CheckBits(found, again, "of an E-step at parameters from their tensors");
            trial.CheckBits(trial.Model.GlobalBound(parameters), trial.Model.GlobalBound(copy), "the global bound of parameters from their tensors");
            trial.CheckBits(Joint(found.Statistics, parameters), Joint(found.Statistics, copy), "the expected log joint at parameters from their tensors");
            trial.CheckBits(Next(found.Statistics, parameters), Next(found.Statistics, copy), "the M-step from parameters from their tensors");

            TStatistics statistics = RoundTrip(trial, found.Statistics, "the statistics");
            trial.CheckBits(Joint(found.Statistics, parameters), Joint(statistics, parameters), "the expected log joint of statistics from their tensors");
            trial.CheckBits(Next(found.Statistics, parameters), Next(statistics, parameters), "the M-step on statistics from their tensors");
        }
        CheckRefusal<TBatch, TParameters, TStatistics, TParameters>(trial, "parameters");
        CheckRefusal<TBatch, TParameters, TStatistics, TStatistics>(trial, "statistics");

        Found<TStatistics> Pass(TParameters at) => trial.Pass(trial.Subject.CreateEStep().Prepare(at), trial.Subject.Open(), at);
        double Joint(TStatistics statistics, TParameters at) => trial.Model.ExpectedLogJoint(statistics, at);
        TParameters Next(TStatistics statistics, TParameters at) => trial.Model.Maximize(statistics, at);
    }

    static T RoundTrip<TBatch, TParameters, TStatistics, T>(Trial<TBatch, TParameters, TStatistics> trial, T value, string what)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
        where T : ITensors<T>
    {
        T copy;
        try
        {
            copy = T.FromTensors(TensorSet.Of(value));
        }
        catch (InvalidDataException error)
        {
            throw trial.Broken($"{what} cannot be read back from their own tensors: {error.Message}");
        }
        trial.CheckBits(value, copy, $"{what} after a round trip");
        return copy;
    }

    static void CheckRefusal<TBatch, TParameters, TStatistics, T>(Trial<TBatch, TParameters, TStatistics> trial, string what)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
        where T : ITensors<T>
    {
        try
        {
            T.FromTensors(new TensorSet());
        }
        catch (InvalidDataException)
        {
            return;
        }
        throw trial.Broken($"the {what} were read from no tensors at all; FromTensors must throw InvalidDataException where one is missing.");
    }
}
