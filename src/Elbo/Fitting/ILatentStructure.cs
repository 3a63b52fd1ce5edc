using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>What the fitter needs to know of a mixture or a hidden Markov model. K components of a family, with weights or transitions beside them.</summary>
interface ILatentStructure<TParameters, TStatistics>
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    IModel<TParameters, TStatistics> Model { get; }

    IEStep<ObservationBatch, TParameters, TStatistics> CreateEStep(bool hard);

    IShards<ObservationBatch> Cut(ObservationTable table);

    /// <summary>What may come in another order, or in batches.</summary>
    TableUnits UnitsOf(ObservationTable table);

    /// <summary>Refuses rows that neither the family nor the structure can take.</summary>
    void Check(ObservationTable table);

    /// <summary>Refuses parameters that are not the family's as it is set up, or not of so many columns.</summary>
    void Check(TParameters parameters, int columns);

    /// <summary>The M-step from responsibilities that somebody guessed, K a row; without any EM.</summary>
    TParameters Start(ObservationTable table, double[] responsibilities, int components);

    int CountOf(TParameters parameters);

    /// <summary>How many probabilities are 0 by design, for a fit that began at given parameters or not.</summary>
    int CountStructuralZeros(TParameters parameters, bool wasGiven);

    bool CanDrop(TParameters parameters, int component);

    /// <summary>The same without one component.</summary>
    TParameters Without(TParameters parameters, int component);

    bool IsOnFloor(TParameters parameters, int component);

    /// <summary>The share of a table's rows that a component has by the parameters alone.</summary>
    double ShareOf(TParameters parameters, ObservationTable table, int component);

    /// <summary>The posterior of rows; what is known of them stays.</summary>
    Prediction Predict(ObservationTable table, TParameters parameters, bool path);

    /// <summary>log p of every row; in a hidden Markov model given the rows before it in its sequence.</summary>
    double[] LogDensities(ObservationTable table, TParameters parameters);

    Sample Draw(TParameters parameters, IReadOnlyList<int> lengths, ulong seed, ObservationTable? regressors, IReadOnlyList<string> columnNames);
}
