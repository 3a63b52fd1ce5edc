using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Selection;

/// <summary>A table cut into folds by a seed: rows, or whole sequences where it has any.</summary>
sealed class TableFolds
{
    readonly TableUnits _units;
    readonly int[] _foldOf;

    public TableFolds(ObservationTable table, int folds, ulong seed, bool areSequences)
    {
        (_units, Count) = (new TableUnits(table, areSequences), folds);
        if (_units.Count < folds)
        {
            throw new ArgumentException(areSequences
                ? $"Held-out likelihood of a hidden Markov model leaves out whole sequences, and there are {_units.Count} for {folds} folds. Name a sequence column, or take another criterion."
                : $"There are {_units.Count} rows for {folds} folds.");
        }
        // Folds in turn, then shuffled, so that they are of one size.
        _foldOf = [.. Enumerable.Range(0, _units.Count).Select(unit => unit % folds)];
        new Philox(seed).Shuffle<int>(_foldOf);
    }

    /// <summary>How many folds there are.</summary>
    public int Count { get; }

    /// <summary>The rows to fit when a fold is left out, with what is known of them.</summary>
    public ObservationTable Training(int fold) => _units.Take(Enumerable.Range(0, _units.Count).Where(unit => _foldOf[unit] != fold));

    /// <summary>The rows that are left out.</summary>
    public ObservationTable HeldOut(int fold) => _units.Take(Enumerable.Range(0, _units.Count).Where(unit => _foldOf[unit] == fold));
}
