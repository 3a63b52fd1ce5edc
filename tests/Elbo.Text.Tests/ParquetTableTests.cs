namespace Elbo.Text.Tests;

public sealed class ParquetTableTests
{
    [Fact]
    public void RowsComeBackInOrderAndTheSameRowsGiveTheSameBytes()
    {
        byte[] first = Write(), second = Write();
        Assert.Equal(first, second);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".parquet");
        try
        {
            File.WriteAllBytes(path, first);
            TextDocument[] documents = [.. TextSource.Open(path, new TextSourceOptions { TextColumn = "it's \"text\"" }).Read(TestContext.Current.CancellationToken)];
            Assert.Equal(5000, documents.Length);
            Assert.Equal(("row 4321", "4321"), (documents[4321].Text, documents[4321].Id));
            Assert.Null(documents[7].Text);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ARowOfTheWrongLengthOrTypeIsRefused()
    {
        using var table = new ParquetTable([("a", typeof(int)), ("b", typeof(double))]);
        Assert.Throws<ArgumentException>(() => table.Add([1]));
        Assert.Throws<ArgumentException>(() => new ParquetTable([("a", typeof(decimal))]));
    }

    static byte[] Write()
    {
        using var table = new ParquetTable([("it's \"text\"", typeof(string)), ("id", typeof(int)), ("n", typeof(long)), ("x", typeof(double))]);
        for (int i = 0; i < 5000; i++) table.Add([i == 7 ? null : $"row {i}", i, (long)i << 33, i / 3.0]);
        using var stream = new MemoryStream();
        table.WriteTo(stream);
        return stream.ToArray();
    }
}
