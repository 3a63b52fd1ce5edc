using Elbo.Text;

namespace Elbo.Cli.Outputs;

/// <summary>Apache Parquet: the columns of the CSV file, with their types.</summary>
sealed class ParquetDocumentWriter(Stream stream, int topics, double? minimumProbability) : DocumentWriter
{
    readonly ParquetTable _table = new([.. DocumentColumns.Zip<string, Type>([typeof(string), typeof(string), typeof(long), typeof(long), typeof(double)]), .. minimumProbability is null
        ? Enumerable.Range(0, topics).Select(topic => ($"topic_{topic}", typeof(double)))
        : [("topic", typeof(int)), ("probability", typeof(double))]]);

    public override void Add(DocumentRow row)
    {
        object?[] document = [row.Id, row.Label, row.Topics.Tokens, row.Topics.UnknownTokens, row.Topics.UnknownShare];
        if (minimumProbability is not { } least) _table.Add([.. document, .. row.Topics.Proportions.Cast<object>()]);
        else foreach ((int topic, double probability) in row.AtLeast(least)) _table.Add([.. document, topic, probability]);
    }

    public override void Complete() => _table.WriteTo(stream);

    public override void Dispose() => _table.Dispose();
}
