using System.Text;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class TextSourceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    TextDocument[] Read(string relative, TextSourceOptions? options = null) => [.. TextSource.Open(_folder.Path(relative), options).Read(TestContext.Current.CancellationToken)];

    [Fact]
    public void A_folder_gives_its_text_files_in_ordinal_order()
    {
        _folder.Write("b.txt", "two");
        _folder.Write("B.md", "one");
        _folder.Write("sub/deep/a.text", "four");
        _folder.WriteGzip("c.txt.gz", "three");
        _folder.Write("picture.png", [0xFF, 0x00]);
        _folder.Write(".hidden/x.txt", "hidden");

        TextDocument[] documents = Read("");
        Assert.Equal(["B.md", "b.txt", "c.txt.gz", "sub/deep/a.text"], documents.Select(d => d.Id));
        Assert.Equal(["one", "two", "three", "four"], documents.Select(d => d.Text));
        Assert.Equal([null, null, null, "sub/deep"], documents.Select(d => d.Label));
        Assert.Equal(documents.Select(d => d.Id), documents.Select(d => d.Source));
    }

    [Fact]
    public void Patterns_choose_files_by_name_and_depth()
    {
        foreach (string name in new[] { "a.rst", "b.rst", "x/c.rst", "x/y/d.rst", "x/y/e.txt" }) _folder.Write(name, name);

        Assert.Equal(["a.rst", "b.rst"], Read("*.rst").Select(d => d.Id));
        Assert.Equal(["a.rst", "b.rst", "x/c.rst", "x/y/d.rst"], Read("**/*.rst").Select(d => d.Id));
        Assert.Equal(["c.rst"], Read("x/?.rst").Select(d => d.Id));
        Assert.Equal(["y/d.rst", "y/e.txt"], Read("x/*/*").Select(d => d.Id));
        Assert.Equal(["c.rst", "y/d.rst", "y/e.txt"], Read("x/**").Select(d => d.Id));
    }

    [Fact]
    public void Several_paths_come_in_the_given_order()
    {
        string b = _folder.Write("b.txt", "one"), a = _folder.Write("a/x.txt", "two");
        TextDocument[] documents = [.. TextSource.Open([b, _folder.Path("a"), _folder.Path("a/*.txt")]).Read(TestContext.Current.CancellationToken)];
        Assert.Equal(["one", "two", "two"], documents.Select(d => d.Text));
        Assert.Equal([b, a, a], documents.Select(d => d.Id));
    }

    [Fact]
    public void Byte_order_marks_are_understood_and_left_out()
    {
        _folder.Write("1.txt", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("hällo")]);
        _folder.Write("2.txt", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("hällo")]);
        _folder.Write("3.txt", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("hällo")]);
        _folder.Write("4.txt", "");
        Assert.Equal(["hällo", "hällo", "hällo", ""], Read("").Select(d => d.Text));
    }

    [Fact]
    public void Sequences_are_sources_too()
    {
        Assert.Equal(["a", "b"], TextSource.FromTexts(["a", "b"]).Read(TestContext.Current.CancellationToken).Select(d => d.Text));
        Assert.Equal(["1"], TextSource.FromDocuments([new TextDocument("a", "1")]).Read(TestContext.Current.CancellationToken).Select(d => d.Id));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => TextSource.FromTexts(["a"]).Read(cancelled.Token).Count());
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Contains("none' does not exist", Missing("none"), StringComparison.Ordinal);
        Assert.Contains("No file fits the pattern", Missing("*.txt"), StringComparison.Ordinal);
        Assert.Contains("of the pattern", Missing("none/*.txt"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.Path("empty"));
        Assert.Contains("has no text files (.txt .md .text, also with .gz). It has no files at all", Missing("empty"), StringComparison.Ordinal);
        _folder.Write("tables/a.csv", "text\nx");
        _folder.Write("tables/b.csv.gz", "");
        _folder.Write("tables/Makefile", "");
        Assert.Contains("It has other files (2 .csv, 1 without extension)", Missing("tables"), StringComparison.Ordinal);
        Assert.Contains("has no Parquet files (.parquet .pq", Missing("tables", new() { Format = TextFormat.Parquet }), StringComparison.Ordinal);

        string Missing(string path, TextSourceOptions? options = null) =>
            Assert.Throws<FileNotFoundException>(() => TextSource.Open(_folder.Path(path), options)).Message;
    }

    [Fact]
    public void Files_that_are_not_text_are_named()
    {
        _folder.Write("latin.txt", [.. Encoding.Latin1.GetBytes("caf\u00e9")]);
        _folder.Write("utf16.txt", [0xFF, 0xFE, 0x00]);
        _folder.Write("plain.txt.gz", "not gzip at all");
        byte[] gzip = File.ReadAllBytes(_folder.WriteGzip("cut.txt.gz", string.Concat(Enumerable.Range(0, 2000))));
        _folder.Write("cut.txt.gz", gzip[..(gzip.Length / 2)]);

        Assert.Contains("latin.txt' is not text in UTF-8, or UTF-16 with a byte order mark (first wrong byte: 3)", Wrong("latin.txt"), StringComparison.Ordinal);
        Assert.Contains("utf16.txt' is not text", Wrong("utf16.txt"), StringComparison.Ordinal);
        Assert.Contains("plain.txt.gz' is not a whole gzip file", Wrong("plain.txt.gz"), StringComparison.Ordinal);
        Assert.Contains("cut.txt.gz' is not a whole gzip file", Wrong("cut.txt.gz"), StringComparison.Ordinal);

        string Wrong(string path) => Assert.Throws<InvalidDataException>(() => Read(path)).Message;
    }

    [Fact]
    public void A_column_of_a_text_file_is_refused()
    {
        string path = _folder.Write("a.txt", "x");
        var error = Assert.Throws<ArgumentException>(() => TextSource.Open(path, new() { TextColumn = "body" }));
        Assert.Contains("'body' was named, but 'a.txt' is read as text", error.Message, StringComparison.Ordinal);
    }
}
