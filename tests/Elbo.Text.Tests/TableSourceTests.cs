using System.Text;
using DuckDB.NET.Data;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class TableSourceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    TextDocument[] Read(string relative, TextSourceOptions? options = null) => [.. TextSource.Open(_folder.Path(relative), options).Read(TestContext.Current.CancellationToken)];

    string Error(string relative, TextSourceOptions? options = null) => Assert.Throws<InvalidDataException>(() => Read(relative, options)).Message;

    [Fact]
    public void Csv_rows_are_documents()
    {
        _folder.Write("a.csv", "id,text,Label,n\n007,\"say \"\"hi\"\", you\",x,1\n8,,y,2\n9,\"two\nlines\",,3\n");
        Assert.Equal(
            [new("say \"hi\", you", "007", "x", "a.csv:row 1"), new(null, "8", "y", "a.csv:row 2"), new("two\nlines", "9", null, "a.csv:row 3")],
            Read("a.csv"));
    }

    [Theory]
    [InlineData("id;text\n1;a, b\n", "a, b")]
    [InlineData("id\ttext\n1\ta; b\n", "a; b")]
    [InlineData("id|text\n1|a\n", "a")]
    [InlineData("text\nhello, world; and | more\n", "hello, world; and | more")]
    [InlineData("text\r\nhello, world\r\n", "hello, world")]
    [InlineData("\"a;b;c\",text\n1,a\n", "a")]
    [InlineData("\uFEFFtext,id\na,1\n", "a")]
    public void The_header_tells_the_delimiter(string csv, string text)
    {
        _folder.Write("a.csv", csv);
        Assert.Equal(text, Assert.Single(Read("a.csv")).Text);
    }

    [Fact]
    public void Tsv_and_gzip_and_utf_16_are_read()
    {
        _folder.Write("a.tsv", "text\tid\none, two\t1\n");
        _folder.WriteGzip("b.csv.gz", "id,text\n1,\"a, b\"\n");
        _folder.Write("c.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id;text\n1;hällo\n")]);
        _folder.WriteGzip("d.jsonl.gz", "{\"text\": \"x\"}\n");
        Assert.Equal("one, two", Assert.Single(Read("a.tsv")).Text);
        Assert.Equal("a, b", Assert.Single(Read("b.csv.gz")).Text);
        Assert.Equal("hällo", Assert.Single(Read("c.csv")).Text);
        Assert.Equal("x", Assert.Single(Read("d.jsonl.gz")).Text);
    }

    [Fact]
    public void Json_lines_and_arrays_are_read()
    {
        _folder.Write("a.jsonl", "{\"id\": 7, \"text\": \"2020-01-01T00:00:00Z\"}\n{\"text\": null}\n\n{\"id\": \"z\", \"text\": \"c\\nd\"}\n");
        _folder.Write("b.json", "[{\"body\": \"a\", \"n\": 1}, {\"body\": \"b\", \"n\": 2}]");
        Assert.Equal([("2020-01-01T00:00:00Z", "7"), (null, null), ("c\nd", "z")], Read("a.jsonl").Select(d => (d.Text, d.Id)));
        Assert.Equal([("a", null), ("b", null)], Read("b.json").Select(d => (d.Text, d.Id)));
    }

    [Fact]
    public void Parquet_is_read_and_awkward_names_are_only_names()
    {
        const string Column = "the \"text\"; DROP TABLE x --'";
        string path = _folder.Path("a[1]*'s.parquet");
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"COPY (SELECT i AS number, 'text ' || i AS \"{Column.Replace("\"", "\"\"", StringComparison.Ordinal)}\", i % 2 = 0 AS even FROM range(5000) t(i)) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }
        TextDocument[] documents = [.. TextSource.Open(path, new() { TextColumn = Column, IdColumn = "number", LabelColumn = "EVEN" }).Read(TestContext.Current.CancellationToken)];
        Assert.Equal(5000, documents.Length);
        Assert.Equal(new TextDocument("text 4999", "4999", "false", "a[1]*'s.parquet:row 5000"), documents[4999]);
        Assert.Equal("text 0", TextSource.Open(path).Read(TestContext.Current.CancellationToken).First().Text);
    }

    [Fact]
    public void Odd_names_of_json_fields_are_only_names()
    {
        _folder.Write("a.jsonl", "{\"it's \\\"x\\\"\": \"a\", \"other\": \"b\"}\n");
        Assert.Equal("a", Assert.Single(Read("a.jsonl", new() { TextColumn = "it's \"x\"" })).Text);
    }

    [Fact]
    public void Rows_beyond_the_usual_limits_are_read()
    {
        string book = string.Concat(Enumerable.Repeat("word ", 5_000_000));
        _folder.Write("a.csv", $"id,text\n1,\"{book}\"\n");
        _folder.Write("b.jsonl", $"{{\"text\": \"{book}\"}}\n");
        Assert.Equal(book.Length, Assert.Single(Read("a.csv")).Text!.Length);
        Assert.Equal(book.Length, Assert.Single(Read("b.jsonl")).Text!.Length);
    }

    [Fact]
    public void The_format_may_be_named()
    {
        _folder.Write("data/a.log", "{\"text\": \"x\"}\n");
        _folder.Write("data/b.jsonl", "{\"text\": \"y\"}\n");
        Assert.Equal("x", Assert.Single(Read("data/a.log", new() { Format = TextFormat.Json })).Text);
        Assert.Equal("y", Assert.Single(Read("data", new() { Format = TextFormat.Json })).Text);
        Assert.Equal("{\"text\": \"y\"}\n", Assert.Single(Read("data/b.jsonl", new() { Format = TextFormat.Text })).Text);
    }

    [Fact]
    public void Missing_columns_are_named_and_the_others_listed()
    {
        _folder.Write("a.csv", "title,body,year\nx,y,1999\n");
        _folder.Write("b.csv", "year,month\n1999,1\n");
        Assert.Contains("'a.csv' has no column 'content'. There are: title, body, year.", Error("a.csv", new() { TextColumn = "content" }), StringComparison.Ordinal);
        Assert.Contains("'a.csv' has no column 'key'. There are: title, body, year.", Error("a.csv", new() { IdColumn = "key" }), StringComparison.Ordinal);
        Assert.Contains("several columns hold strings. Name the text column; there are: title, body, year.", Error("a.csv"), StringComparison.Ordinal);
        Assert.Contains("no other column holds strings. Name the text column; there are: year, month.", Error("b.csv"), StringComparison.Ordinal);
        Assert.Equal("y", Assert.Single(Read("a.csv", new() { IdColumn = "title" })).Text);
    }

    [Fact]
    public void Broken_tables_are_named_with_the_place()
    {
        _folder.Write("a.csv", "id,text\n1,a\n2,b,c,d\n");
        _folder.Write("latin.csv", [.. "id,text\n1,caf"u8, 0xE9, (byte)'\n']);
        _folder.Write("b.jsonl", "{\"text\": \"a\"}\n{\"text\": oops}\n");
        _folder.Write("c.parquet", "this is not Parquet, but long enough to look");
        _folder.WriteGzip("d.parquet.gz", "x");
        _folder.Write("e.csv.gz", "not gzip");
        byte[] gzip = File.ReadAllBytes(_folder.WriteGzip("f.csv.gz", "text\n" + string.Join('\n', Enumerable.Range(0, 5000))));
        _folder.Write("f.csv.gz", gzip[..^9]);
        Assert.Matches("'a.csv' cannot be read as a table: .*Line: 3", Error("a.csv"));
        Assert.Matches("'latin.csv' cannot be read as a table: .*not utf-8", Error("latin.csv"));
        Assert.Matches("'b.jsonl' cannot be read as a table: .*Malformed JSON in file .*line 3", Error("b.jsonl"));
        Assert.Contains("'c.parquet' cannot be read as a table: ", Error("c.parquet"), StringComparison.Ordinal);
        Assert.Contains("'d.parquet.gz' is a gzipped Parquet file", Error("d.parquet.gz"), StringComparison.Ordinal);
        Assert.Contains("f.csv.gz' is not a whole gzip file", Error("f.csv.gz"), StringComparison.Ordinal);
        Assert.Contains("e.csv.gz' is not a whole gzip file", Error("e.csv.gz"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_without_rows_have_no_documents()
    {
        _folder.Write("a.csv", "id,text\n");
        _folder.Write("b.csv", "");
        Assert.Empty(Read("a.csv"));
        Assert.Contains("'b.csv' is empty: it has no columns", Error("b.csv"), StringComparison.Ordinal);
        _folder.Write("c.jsonl", "");
        Assert.Contains("'c.jsonl' is empty: it has no columns", Error("c.jsonl"), StringComparison.Ordinal);
        _folder.Write("d.json", "[1, 2]");
        Assert.Contains("'d.json' holds JSON, but not one object a line", Error("d.json"), StringComparison.Ordinal);
    }
}
