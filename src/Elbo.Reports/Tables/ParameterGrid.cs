using System.Globalization;
using Elbo.Engine;
using Elbo.Fitting;

namespace Elbo.Reports.Tables;

/// <summary>A matrix of parameters with names for its rows and columns.</summary>
/// <param name="Title">What it holds: means, covariance of component 0, probabilities of Species.</param>
/// <param name="Corner">What the rows are: component, state, part, or nothing where they are columns of the table.</param>
/// <param name="Rows">Their names.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">Row after row.</param>
/// <param name="IsProbability">Whether a row adds up to 1 or is a probability each.</param>
sealed record ParameterGrid(string Title, string Corner, string[] Rows, string[] Columns, double[][] Values, bool IsProbability)
{
    const string NoisePrefix = "components/", PartPrefix = "parts/";

    /// <summary>All parameters but the chain's, which have a place of their own, as grids.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">The names of categories.</param>
    /// <param name="components">The names of the components.</param>
    /// <param name="unit">component or state.</param>
    public static IEnumerable<ParameterGrid> Of(FittedModel model, TableSchema schema, IReadOnlyList<string> components, string unit)
    {
        NamedTensor[] tensors = [.. model.Parameters.Tensors.Where(tensor => tensor.Values is double[] && tensor.Name is not ("weights" or "initial" or "transitions"))];
        NamedTensor? parts = tensors.FirstOrDefault(tensor => tensor.Name.EndsWith("part_weights", StringComparison.Ordinal));
        string owner = parts is null ? unit : "part";
        bool isRegression = tensors.Any(tensor => Plain(tensor) == "slopes");
        IReadOnlyList<string> columns = isRegression ? [.. model.Record.ColumnNames.SkipLast(1)] : model.Record.ColumnNames;
        var scalars = new List<(string Name, string[] Owners, double[] Values)>();
        var grids = new List<ParameterGrid>();
        foreach (NamedTensor tensor in tensors)
        {
            string[] owners = OwnersOf(tensor, components, parts);
            var values = (double[])tensor.Values;
            string title = TitleOf(tensor, model);
            int[] shape = [.. tensor.Shape.Select(length => checked((int)length))];
            bool isProbability = tensor.Constraint == TensorConstraint.Simplex;
            int column = ColumnOf(tensor, columns.Count);
            if (column >= 0) grids.Add(Matrix($"probabilities of {columns[column]}", owner, owners, schema.CategoriesOf(column) ?? Numbers(shape[^1]), values, true));
            else if (Plain(tensor) is "noise_lower" or "noise_upper") grids.Add(Matrix(title, "", [""], columns, values, false));
            else if (tensor == parts) grids.Add(Matrix(title, unit, owners, Numbers(shape[^1]), values, true));
            else if (tensor.Constraint == TensorConstraint.PositiveDefinite)
            {
                int size = shape[^1] * shape[^1];
                for (int matrix = 0; matrix < values.Length / size; matrix++)
                    grids.Add(Matrix(shape.Length == 2 ? $"covariance of all {unit}s" : $"{Singular(title)} of {owner} {owners[matrix]}", "", columns, columns, values.AsSpan(matrix * size, size).ToArray(), false));
            }
            else if (shape is [_, _, 2] && isProbability) grids.Add(Matrix("probabilities of 1", owner, owners, columns, [.. Enumerable.Range(0, values.Length / 2).Select(i => values[2 * i + 1])], true));
            else if (shape is [_, var length]) grids.Add(Matrix(title, owner, owners, length == columns.Count ? columns : Numbers(length), values, isProbability));
            else if (shape is [_] && values.Length == owners.Length) scalars.Add((Singular(title), owners, values));
            else grids.Add(Matrix(title, "", [""], Numbers(values.Length), values, isProbability));
        }
        foreach (IGrouping<int, (string Name, string[] Owners, double[] Values)> group in scalars.GroupBy(scalar => scalar.Owners.Length))
            grids.Add(new ParameterGrid(string.Join(", ", group.Select(scalar => scalar.Name)), owner, group.First().Owners, [.. group.Select(scalar => scalar.Name)],
                [.. Enumerable.Range(0, group.Key).Select(row => group.Select(scalar => scalar.Values[row]).ToArray())], false));
        return grids;
    }

    /// <summary>The same with no more than some rows and columns, and its numbers rounded.</summary>
    public ParameterGrid Cut(int most) => new(Title, Corner, [.. Rows.Take(most)], [.. Columns.Take(most)], [.. Values.Take(most).Select(row => row.Take(most).Select(value => value.To(Rounding.Digits)).ToArray())], IsProbability);

    static ParameterGrid Matrix(string title, string corner, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[] values, bool isProbability) =>
        new(title, corner, [.. rows], [.. columns], [.. Enumerable.Range(0, rows.Count).Select(row => values.AsSpan(row * columns.Count, columns.Count).ToArray())], isProbability);

    /// <summary>Whose parameters a tensor has. Noise, the last component, has none; parts are named by their component and a number.</summary>
    static string[] OwnersOf(NamedTensor tensor, IReadOnlyList<string> components, NamedTensor? parts)
    {
        string[] owners = tensor.Name.Contains(NoisePrefix, StringComparison.Ordinal) ? [.. components.SkipLast(1)] : [.. components];
        return tensor.Name.Contains(PartPrefix, StringComparison.Ordinal) && parts is not null
            ? [.. owners.SelectMany(owner => Enumerable.Range(0, (int)parts.Shape[1]).Select(part => $"{owner}.{part}"))] : owners;
    }

    static string Plain(NamedTensor tensor) => tensor.Name.Replace(NoisePrefix, "", StringComparison.Ordinal).Replace(PartPrefix, "", StringComparison.Ordinal);

    /// <summary>The column that a tensor belongs to (its name then ends in a number), or −1.</summary>
    static int ColumnOf(NamedTensor tensor, int columns) =>
        Plain(tensor).Split('/') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int column) && column < columns ? column : -1;

    static string TitleOf(NamedTensor tensor, FittedModel model)
    {
        string title = Plain(tensor).Replace('_', ' ');
        return model.Family.Name == "student-t" && title == "covariances" ? "scale matrices" : title;
    }

    static string Singular(string title) => title switch
    {
        "degrees of freedom" or "fixed degrees of freedom" => title,
        "scale matrices" => "scale matrix",
        _ => title.EndsWith('s') ? title[..^1] : title,
    };

    static string[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
}
