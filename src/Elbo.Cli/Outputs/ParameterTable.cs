using System.Globalization;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Fitting;

namespace Elbo.Cli.Outputs;

/// <summary>The parameters of a model for people: what every component has one of in one table, and each matrix in one of its own.</summary>
static class ParameterTable
{
    /// <summary>Larger matrices are left to <c>--json</c> and the model file.</summary>
    const int MostColumns = 12, MostMatrices = 12;

    public static IEnumerable<string> Lines(FittedModel model, TableSchema schema)
    {
        int count = model.Components;
        bool isRegression = model.Family.Name == TableFitOptions.Regression;
        IReadOnlyList<string> columns = isRegression ? [.. model.Record.ColumnNames.SkipLast(1)] : model.Record.ColumnNames;
        string[] components = [.. Enumerable.Range(0, count).Select(k => k < schema.ComponentNames.Count ? $"{k} {schema.ComponentNames[k]}" : $"{k}")];
        NamedTensor[] tensors = [.. model.Parameters.Tensors.Where(tensor => tensor.Values is double[])];
        if (isRegression) tensors = WithIntercepts(tensors);
        NamedTensor? parts = tensors.FirstOrDefault(tensor => tensor.Name.EndsWith("part_weights", StringComparison.Ordinal));
        foreach (IGrouping<string, NamedTensor> owners in tensors.GroupBy(OwnersOf))
        {
            // Noise, the last component, has no parameters; parts are named by their component and a number.
            string[] names = owners.Key.Contains(NoisePrefix, StringComparison.Ordinal) ? components[..^1] : components;
            if (owners.Key.EndsWith(PartPrefix, StringComparison.Ordinal) && parts is not null)
                names = [.. names.SelectMany(name => Enumerable.Range(0, (int)parts.Shape[1]).Select(part => $"{name}.{part}"))];
            NamedTensor[] scalars = [.. owners.Where(tensor => tensor.Shape is [var k] && k == names.Length && !tensor.Name.StartsWith("noise_", StringComparison.Ordinal))];
            if (scalars.Length > 0)
                foreach (string line in Grid("component", names, [.. scalars.Select(tensor => Singular(Title(tensor, model)))], (row, column) => FormatOf(scalars[column])(Value(scalars[column], row)))) yield return line;
            foreach (NamedTensor tensor in owners.Except(scalars))
            {
                int column = ColumnOf(tensor, columns);
                string title = Title(tensor, model);
                yield return column < 0 ? $"{title}:" : $"{title[..title.IndexOf('/', StringComparison.Ordinal)]} of {columns[column]}:";
                foreach (string line in Block(tensor, names, tensor == parts ? [] : column >= 0 && schema.CategoriesOf(column) is { } categories ? categories : columns)) yield return line;
            }
        }
    }

    const string NoisePrefix = "components/", PartPrefix = "parts/";

    /// <summary>Whose parameters a tensor has: those of all components, of those that are not noise, of parts.</summary>
    static string OwnersOf(NamedTensor tensor) =>
        string.Concat(tensor.Name.Contains(NoisePrefix, StringComparison.Ordinal) ? NoisePrefix : "", tensor.Name.Contains(PartPrefix, StringComparison.Ordinal) ? PartPrefix : "");

    /// <summary>A regression as people write it, by intercept and slopes; it is kept by its height above the regressors' means.</summary>
    static NamedTensor[] WithIntercepts(NamedTensor[] tensors)
    {
        NamedTensor Find(string name) => tensors.First(tensor => tensor.Name.EndsWith(name, StringComparison.Ordinal));
        NamedTensor levels = Find("levels"), centres = Find("centres"), slopes = Find("slopes");
        int count = (int)slopes.Shape[0], regressors = (int)slopes.Shape[1];
        double[] intercepts = [.. Enumerable.Range(0, count).Select(k => Value(levels, k) - Enumerable.Range(k * regressors, regressors).Sum(place => Value(slopes, place) * Value(centres, place)))];
        var shown = new TensorSet();
        shown.Visit(levels.Name.Replace("levels", "intercepts", StringComparison.Ordinal), [count], intercepts, TensorConstraint.Real);
        return [.. tensors.Where(tensor => tensor != centres).Select(tensor => tensor == levels ? shown.Tensors[0] : tensor)];
    }

    static IEnumerable<string> Block(NamedTensor tensor, string[] components, IReadOnlyList<string> columns)
    {
        long[] shape = [.. tensor.Shape];
        Func<double, string> format = FormatOf(tensor);
        if (shape.Length > 0 && shape[^1] > MostColumns) return [$"  {string.Join(" × ", shape)} numbers; --json shows them"];
        switch (shape)
        {
            case []: return [$"  {format(Value(tensor, 0))}"];
            case [var length]: return Grid("", [""], Names((int)length), (_, column) => format(Value(tensor, column)));
            case [var rows, var length] when rows == components.Length && tensor.Constraint != TensorConstraint.PositiveDefinite:
                return Grid("component", components, tensor.Name == "transitions" ? components : Names((int)length), (row, column) => format(Value(tensor, row * (int)length + column)));
            case [var rows, var length]: return Grid("", Names((int)rows), Names((int)length), (row, column) => format(Value(tensor, row * (int)length + column)));
            case [var matrices, var rows, var length] when matrices == components.Length && matrices <= MostMatrices && rows <= MostColumns:
                return Enumerable.Range(0, components.Length).SelectMany(k => Grid($"component {components[k]}", Names((int)rows), Names((int)length),
                    (row, column) => format(Value(tensor, (k * (int)rows + row) * (int)length + column))));
            default: return [$"  {string.Join(" × ", shape)} numbers; --json shows them"];
        }

        // As many as there are columns: one for each. Else categories, coefficients and the like, which have numbers.
        string[] Names(int length) => length == columns.Count ? [.. columns] : [.. Enumerable.Range(0, length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The column that a tensor belongs to (its name then ends in a number), or −1.</summary>
    static int ColumnOf(NamedTensor tensor, IReadOnlyList<string> columns) =>
        tensor.Name.Split('/') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int column) && column < columns.Count ? column : -1;

    static IEnumerable<string> Grid(string corner, string[] rows, string[] columns, Func<int, int, string> value)
    {
        int left = Math.Max(corner.Length, rows.Max(row => row.Length));
        string[][] cells = [.. rows.Select((_, row) => columns.Select((_, column) => value(row, column)).ToArray())];
        int[] widths = [.. columns.Select((column, i) => Math.Max(column.Length, cells.Max(row => row[i].Length)))];
        yield return $"{corner.PadLeft(left)}  {string.Join("  ", columns.Select((column, i) => column.PadLeft(widths[i])))}";
        for (int row = 0; row < rows.Length; row++)
            yield return $"{rows[row].PadLeft(left)}  {string.Join("  ", cells[row].Select((cell, i) => cell.PadLeft(widths[i])))}";
    }

    static string Title(NamedTensor tensor, FittedModel model)
    {
        string title = tensor.Name.Replace(NoisePrefix, "", StringComparison.Ordinal).Replace(PartPrefix, "", StringComparison.Ordinal).Replace('_', ' ');
        return model.Family.Name == TableFitOptions.StudentT && title == "covariances" ? "scale matrices" : title;
    }

    static string Singular(string title) => title.EndsWith('s') && title != "degrees of freedom" ? title[..^1] : title;

    static double Value(NamedTensor tensor, int place) => ((double[])tensor.Values)[place];

    /// <summary>A probability has a fixed number of digits: how far below them it lies tells people nothing.</summary>
    static Func<double, string> FormatOf(NamedTensor tensor) => tensor.Constraint == TensorConstraint.Simplex ? Numbers.Probability : Number;

    static string Number(double value) => value.ToString(Math.Abs(value) is >= 1e-3 and < 1e6 ? "0.####" : "G4", CultureInfo.InvariantCulture).Replace('-', '−');
}
