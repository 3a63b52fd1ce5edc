using System.Globalization;
using Elbo.Observations;

namespace Elbo.Reports.Explain;

/// <summary>272 eruptions of the Old Faithful geyser, in minutes: how long each took and the waiting time to the next (Azzalini and Bowman 1990, Applied Statistics 39).</summary>
static class OldFaithful
{
    /// <summary>Where the numbers come from.</summary>
    public const string Source = "Azzalini and Bowman (1990), A look at some data on the Old Faithful geyser, Applied Statistics 39";

    /// <summary>Eruptions and waiting times.</summary>
    public static ObservationTable Table { get; } = Read();

    /// <summary>The waiting times alone.</summary>
    public static ObservationTable Waiting { get; } = new(Column(1), 1, ["waiting"]);

    /// <summary>One column.</summary>
    public static double[] Column(int column) => [.. Enumerable.Range(0, Table.RowCount).Select(row => Table.Row(row)[column])];

    static ObservationTable Read()
    {
        using Stream stream = typeof(OldFaithful).Assembly.GetManifestResourceStream("faithful.csv")!;
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] names = lines[0].Split(',');
        return new ObservationTable([.. lines.Skip(1).SelectMany(line => line.Split(',')).Select(value => double.Parse(value, CultureInfo.InvariantCulture))], names.Length, names);
    }
}
