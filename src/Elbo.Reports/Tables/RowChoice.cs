using System.Globalization;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;
using Elbo.Reports.Fits;

namespace Elbo.Reports.Tables;

/// <summary>Which rows a page shows: all, or as many as it has room for and the least certain ones.</summary>
sealed class RowChoice
{
    /// <summary>So many of the least certain rows are shown even where they were not drawn.</summary>
    const int LeastCertain = 100;

    /// <summary>How many points the curve of sorted uncertainty has.</summary>
    const int Ranks = 201;

    readonly ObservationTable _table;
    readonly Prediction _prediction;
    readonly double[] _uncertainty;

    RowChoice(ObservationTable table, Prediction prediction)
    {
        (_table, _prediction) = (table, prediction);
        _uncertainty = [.. Enumerable.Range(0, prediction.Rows).Select(prediction.Uncertainty)];
    }

    /// <summary>Chooses rows and says what the model thinks of them.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="prediction">What the model says of all of them.</param>
    /// <param name="columns">How many columns are shown.</param>
    /// <param name="logLikelihood">log p of the table.</param>
    /// <param name="options">How many rows, and by which seed.</param>
    public static RowEntries Of(ObservationTable table, Prediction prediction, int columns, double logLikelihood, TableReportOptions options)
    {
        var choice = new RowChoice(table, prediction);
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        Array.Sort(Array.ConvertAll(choice._uncertainty, value => -value), order);
        List<int> rows;
        List<SequenceEntry>? sequences = null;
        string how;
        if (prediction.Path is null) (rows, how) = choice.DrawRows(options);
        else (rows, sequences, how) = choice.DrawSequences(options);
        int drawn = rows.Count;
        if (drawn < table.RowCount)
        {
            var taken = rows.ToHashSet();
            rows.AddRange(order.Take(LeastCertain).Where(row => !taken.Contains(row)).Order());
            how += $" Besides, the {Numbers.Count(Math.Min(LeastCertain, table.RowCount))} least certain rows of all are in the list.";
        }
        return new RowEntries
        {
            Total = table.RowCount,
            Drawn = drawn,
            Choice = how,
            LogLikelihood = double.IsFinite(logLikelihood) ? logLikelihood : null,
            Number = [.. rows.Select(row => row + 1)],
            Values = [.. Enumerable.Range(0, columns).Select(column => rows.Select(row => table.Row(row)[column].To(Rounding.Digits)).ToArray())],
            Weight = table.Weights.IsEmpty ? null : [.. rows.Select(row => table.Weights[row].To(Rounding.Digits))],
            Component = [.. rows.Select(prediction.MostLikely)],
            State = prediction.Path is { } path ? [.. rows.Select(row => path[row])] : null,
            Uncertainty = [.. rows.Select(row => choice._uncertainty[row].To(Rounding.FewDigits))],
            LogDensity = [.. rows.Select(row => prediction.LogDensities[row].Finite(Rounding.Digits))],
            Responsibilities = [.. Enumerable.Range(0, prediction.Components).Select(k => rows.Select(row => Math.Round(prediction.Of(row)[k], 6)).ToArray())],
            Sequences = sequences,
            SortedUncertainty = [.. Enumerable.Range(0, Ranks).Select(rank => choice._uncertainty[order[(int)((long)rank * (order.Length - 1) / (Ranks - 1))]].To(Rounding.FewDigits))],
        };
    }

    (List<int> Rows, string How) DrawRows(TableReportOptions options)
    {
        int[] all = [.. Enumerable.Range(0, _table.RowCount)];
        if (all.Length <= options.Rows) return ([.. all], $"All {Numbers.Count(all.Length)} rows are on this page.");
        new Philox(options.Seed).Shuffle(all.AsSpan());
        return ([.. all.Take(options.Rows).Order()], $"{Numbers.Count(options.Rows)} of {Numbers.Count(all.Length)} rows are on this page, drawn at random (seed {options.Seed}).");
    }

    (List<int> Rows, List<SequenceEntry> Sequences, string How) DrawSequences(TableReportOptions options)
    {
        int[] lengths = _table.SequenceLengths.IsEmpty ? [_table.RowCount] : _table.SequenceLengths.ToArray();
        int[] firsts = new int[lengths.Length], order = [.. Enumerable.Range(0, lengths.Length)], shown = new int[lengths.Length];
        for (int i = 1; i < firsts.Length; i++) firsts[i] = firsts[i - 1] + lengths[i - 1];
        if (_table.RowCount > options.Rows) new Philox(options.Seed).Shuffle(order.AsSpan());
        int room = options.Rows;
        foreach (int sequence in order)
        {
            shown[sequence] = Math.Min(room, lengths[sequence]);
            room -= shown[sequence];
        }
        var rows = new List<int>();
        var entries = new List<SequenceEntry>();
        for (int i = 0; i < lengths.Length; i++)
        {
            if (shown[i] == 0) continue;
            string name = i < options.SequenceNames.Count ? options.SequenceNames[i] : (i + 1).ToString(CultureInfo.InvariantCulture);
            entries.Add(new SequenceEntry(name, rows.Count, shown[i], lengths[i]));
            rows.AddRange(Enumerable.Range(firsts[i], shown[i]));
        }
        string how = rows.Count == _table.RowCount ? $"All {Numbers.Count(rows.Count)} rows of {(lengths.Length == 1 ? "one sequence" : $"{Numbers.Count(lengths.Length)} sequences")} are on this page."
            : lengths.Length == 1 ? $"The first {Numbers.Count(rows.Count)} of {Numbers.Count(_table.RowCount)} rows are on this page."
            : $"{Numbers.Count(entries.Count)} of {Numbers.Count(lengths.Length)} sequences are on this page, drawn at random (seed {options.Seed}), the last of them cut where the page is full: {Numbers.Count(rows.Count)} of {Numbers.Count(_table.RowCount)} rows.";
        return (rows, entries, how);
    }
}
