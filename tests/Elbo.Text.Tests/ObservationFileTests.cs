using DuckDB.NET.Data;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class ObservationFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    ObservationData Read(string name, ObservationColumns? columns = null) => ObservationFile.Read(_folder.Path(name), columns, TestContext.Current.CancellationToken);

    string Error(string name, ObservationColumns? columns = null) => Assert.Throws<InvalidDataException>(() => Read(name, columns)).Message;

    [Fact]
    public void By_default_all_columns_of_numbers_are_read_and_what_is_left_out_is_said()
    {
        _folder.Write("a.csv", "rownames,x,y,kind\n1,0.1,-2e3,a\n2, 3 ,4,b\n");
        ObservationData data = Read("a.csv");
        Assert.Equal(["x", "y"], data.Table.ColumnNames);
        Assert.Equal([0.1, -2000, 3, 4], data.Table.Values.ToArray());
        Assert.Equal(["rownames (names the rows)", "kind (text: row 1 is 'a')"], data.LeftOut);
        Assert.All(data.Categories, Assert.Null);

        _folder.Write("r.csv", "\"\",\"x\"\n\"1\",5\n\"2\",6\n");
        Assert.Equal(["x"], Read("r.csv").Table.ColumnNames);
        _folder.Write("column1.csv", "column1,x\n1,5\n");
        Assert.Equal(["column1", "x"], Read("column1.csv").Table.ColumnNames);
    }

    [Fact]
    public void Named_columns_come_in_the_order_given_and_the_response_last()
    {
        _folder.Write("a.csv", "a,b,c,id\n1,2,3,4\n");
        ObservationData data = Read("a.csv", new() { Values = ["C", "id"], Response = "a" });
        Assert.Equal(["c", "id", "a"], data.Table.ColumnNames);
        Assert.Equal([3, 4, 1], data.Table.Values.ToArray());
        Assert.Equal(["b", "c", "a"], Read("a.csv", new() { Response = "a" }).Table.ColumnNames);
    }

    [Fact]
    public void Every_kind_of_table_gives_the_same_numbers()
    {
        double[] values = [0.1, 1.0 / 3, -1e-300, 12345678.9, 2, 1.7976931348623157e308];
        string[] texts = [.. values.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))];
        _folder.Write("a.csv", "x;y\n" + string.Concat(texts.Chunk(2).Select(row => $"{row[0]};{row[1]}\n")));
        _folder.WriteGzip("a.tsv.gz", "x\ty\n" + string.Concat(texts.Chunk(2).Select(row => $"{row[0]}\t{row[1]}\n")));
        _folder.WriteGzip("a.jsonl.gz", string.Concat(texts.Chunk(2).Select(row => $"{{\"x\": {row[0]}, \"y\": {row[1]}}}\n")));
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"COPY (SELECT * FROM (VALUES {string.Join(", ", texts.Chunk(2).Select(row => $"({row[0]}::DOUBLE, {row[1]}::DOUBLE)"))}) t(x, y)) TO '{_folder.Path("a.parquet")}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }
        foreach (string name in (string[])["a.csv", "a.tsv.gz", "a.jsonl.gz", "a.parquet"])
            Assert.Equal(values, Read(name).Table.Values.ToArray());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("NA", " (NA)")]
    [InlineData(" nan ", " (nan)")]
    [InlineData("NULL", " (NULL)")]
    public void What_is_missing_is_named(string value, string shown)
    {
        _folder.Write("a.csv", $"name,age\nx,1\ny,{value}\nz,\n");
        Assert.Equal($"a.csv: row 2, column 'age' is missing{shown}. Leave the row out or fill it in.", Error("a.csv"));
        _folder.Write("b.jsonl", "{\"age\": 1}\n{\"name\": \"y\"}\n");
        Assert.Equal("b.jsonl: row 2, column 'age' is missing. Leave the row out or fill it in.", Error("b.jsonl", new() { Values = ["age"] }));
    }

    [Fact]
    public void What_is_no_number_is_named()
    {
        _folder.Write("a.csv", "x,y,w\n1,2,1\n3,4x,-1\n5,inf,1\n");
        Assert.StartsWith("a.csv: row 2, column 'y' is '4x', which is no finite number.", Error("a.csv", new() { Values = ["y"] }), StringComparison.Ordinal);
        Assert.Equal("a.csv: row 2, column 'w' is -1, and a weight must be 0 or more.", Error("a.csv", new() { Weights = "w" }));
        Assert.Equal("'a.csv' has no column 'z'. There are: x, y, w.", Error("a.csv", new() { Values = ["x", "z"] }));
        Assert.Contains("The column 'x' is named twice", Assert.Throws<ArgumentException>(() => Read("a.csv", new() { Values = ["x"], Weights = "x" })).Message, StringComparison.Ordinal);
        _folder.Write("inf.csv", "x\n1\ninf\n");
        Assert.StartsWith("inf.csv: row 2, column 'x' is 'inf'", Error("inf.csv", new() { Values = ["x"] }), StringComparison.Ordinal);
        _folder.Write("text.csv", "a\nx\n");
        Assert.Equal("'text.csv' has no column of numbers to read. Left out: a (text: row 1 is 'x').", Error("text.csv"));
        _folder.Write("rows.csv", "a,b\n");
        Assert.Equal("'rows.csv' has no rows.", Error("rows.csv"));
        _folder.Write("a.txt", "x\n1\n");
        Assert.Contains("Cannot tell by its name what table", Error("a.txt"), StringComparison.Ordinal);
        Assert.Equal([1.0], Read("a.txt", new() { Format = TextFormat.Csv }).Table.Values.ToArray());
        Assert.Throws<FileNotFoundException>(() => Read("none.csv"));
    }

    [Fact]
    public void Categories_are_indices_in_ordinal_order_and_numbers_in_theirs()
    {
        _folder.Write("a.csv", "vote,n,w\nyes,10,1\nno,2,2\nabsent,10,3\nno,9,4\n");
        ObservationData all = Read("a.csv", new() { Weights = "w", Categories = CategoryReading.All });
        Assert.Equal([["absent", "no", "yes"], ["2", "9", "10"]], all.Categories);
        Assert.Equal([2, 2, 1, 0, 0, 2, 1, 1], all.Table.Values.ToArray());
        Assert.Equal([1, 2, 3, 4], all.Table.Weights.ToArray());

        ObservationData text = Read("a.csv", new() { Weights = "w", Categories = CategoryReading.Text });
        Assert.Equal([["absent", "no", "yes"], null], text.Categories);
        Assert.Equal([2, 10, 1, 2, 0, 10, 1, 9], text.Table.Values.ToArray());
    }

    [Fact]
    public void Known_categories_keep_their_indices_and_others_are_errors()
    {
        _folder.Write("a.csv", "vote,n\nyes,1\nno,2\n");
        ObservationColumns known = new() { Categories = CategoryReading.Text, KnownCategories = [["absent", "maybe", "no", "yes"], null] };
        Assert.Equal([3, 1, 2, 2], Read("a.csv", known).Table.Values.ToArray());
        _folder.Write("b.csv", "vote,n\nyes,1\nnever,2\n");
        Assert.Equal("b.csv: row 2, column 'vote' is 'never', which is none of the categories that the model knows: absent, maybe, no, yes.", Error("b.csv", known));
        Assert.Contains("the model has 2 columns, and 1 were read: vote", Error("b.csv", known with { Values = ["vote"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_may_be_missing_and_a_comparison_may_be_a_column_with_another_use()
    {
        _folder.Write("a.csv", "x,species\n1,setosa\n2,\n3,virginica\n4,NA\n5,setosa\n");
        ObservationData data = Read("a.csv", new() { Labels = "species", Comparison = "Species" });
        Assert.Equal(["setosa", "virginica"], data.LabelNames);
        Assert.Equal([0, -1, 1, -1, 0], data.Labels);
        Assert.Equal(data.Labels, data.Comparison);
        Assert.Equal(["x"], data.Table.ColumnNames);
        Assert.Equal(["x"], Read("a.csv", new() { Comparison = "species" }).Table.ColumnNames);
    }

    [Fact]
    public void Rows_of_a_sequence_stand_together()
    {
        _folder.Write("a.csv", "s,x\nb,1\nb,2\na,3\n10,4\n10,5\n");
        ObservationData data = Read("a.csv", new() { Sequence = "s" });
        Assert.Equal([2, 1, 2], data.Table.SequenceLengths.ToArray());
        Assert.Equal(["b", "a", "10"], data.SequenceNames);
        _folder.Write("b.csv", "s,x\nb,1\na,3\nb,2\n");
        Assert.Equal("b.csv: row 3 goes on with the sequence 'b' of column 's', which had ended before. Sort the rows so that those of one sequence stand together.", Error("b.csv", new() { Sequence = "s" }));
        _folder.Write("c.csv", "s,x\nb,1\n,3\n");
        Assert.Contains("row 2, column 's' is missing", Error("c.csv", new() { Sequence = "s" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_pattern_are_one_table_in_ordinal_order()
    {
        _folder.Write("parts/b.csv", "kind,y,x,s\nv,4,3,two\nu,6,5,two\n");
        _folder.WriteGzip("parts/deep/c.tsv.gz", "x\ty\ts\tkind\n7\t8\tthree\tw\n");
        _folder.Write("parts/B.jsonl", "{\"x\": 1, \"y\": 2, \"kind\": \"u\", \"s\": \"one\"}\n");
        _folder.Write("parts/readme.txt", "x");
        ObservationData data = Read("parts/**/*.*s*", new() { Values = ["x", "y"], Labels = "kind", Sequence = "s" });
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], data.Table.Values.ToArray());
        Assert.Equal(["u", "v", "w"], data.LabelNames);
        Assert.Equal([0, 1, 0, 2], data.Labels);
        Assert.Equal([1, 2, 1], data.Table.SequenceLengths.ToArray());
        Assert.Equal(3, Read("parts/*.*s*", new() { Values = ["x"] }).Table.RowCount);
        Assert.Equal([4, 6], Read("parts/?.csv", new() { Values = ["y"] }).Table.Values.ToArray());
        Assert.Throws<FileNotFoundException>(() => Read("parts/*.parquet"));
        Assert.Throws<FileNotFoundException>(() => Read("parts"));
        // A file of that very name is no pattern.
        _folder.Write("parts/[a]*.csv", "x\n9\n");
        Assert.Equal([9], Read("parts/[a]*.csv").Table.Values.ToArray());
    }

    [Fact]
    public void What_is_wrong_in_one_of_several_files_is_named_by_its_own_row()
    {
        _folder.Write("a.csv", "x,w,s,t\n1,1,one,p\n2,1,one,q\n");
        _folder.Write("b.csv", "x,w,s,t\n3,1,two,p\nx,-1,one,q\n");
        Assert.StartsWith("b.csv: row 2, column 'x' is 'x', which is no finite number.", Error("?.csv", new() { Values = ["x"] }), StringComparison.Ordinal);
        Assert.Equal("b.csv: row 2, column 'w' is -1, and a weight must be 0 or more.", Error("?.csv", new() { Values = ["t"], Weights = "w", Categories = CategoryReading.Text }));
        Assert.StartsWith("b.csv: row 2 goes on with the sequence 'one'", Error("?.csv", new() { Values = ["w"], Sequence = "s" }), StringComparison.Ordinal);
        Assert.Equal(["x (text: b.csv: row 2 is 'x')", "s (text: a.csv: row 1 is 'one')", "t (text: a.csv: row 1 is 'p')"], Read("?.csv").LeftOut);
        _folder.Write("c.csv", "x,w,s\n1,1,one\n");
        Assert.Equal("'c.csv' has no column 't', and 'a.csv' has. Files that are read as one table must have the same columns.", Error("?.csv"));
        _folder.Write("c.csv", "x,w,s,t,u\n1,1,one,p,2\n");
        Assert.Equal("'c.csv' has a column 'u', and 'a.csv' has none. Files that are read as one table must have the same columns.", Error("?.csv"));
        _folder.Write("c.csv", "x,w,s,t\n,1,three,p\n");
        Assert.StartsWith("c.csv: row 1, column 'x' is missing", Error("?.csv", new() { Values = ["x"], Categories = CategoryReading.All }), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_come_back_from_their_properties()
    {
        var columns = new ObservationColumns
        {
            Format = TextFormat.Json,
            Values = ["a,b", "", "c.1"],
            Response = "r",
            Weights = "w",
            Labels = "l",
            Comparison = "c",
            Sequence = "s",
            Categories = CategoryReading.Text,
            KnownCategories = [["x", "y"], null, []],
        };
        foreach (ObservationColumns one in new[] { columns, new(), new ObservationColumns { Values = [] } })
        {
            var read = ObservationColumns.FromProperties(new Dictionary<string, string>(one.ToProperties()) { ["path"] = "elsewhere" });
            Assert.Equal(one.ToProperties(), read.ToProperties());
            Assert.Equal(one.Values, read.Values);
            Assert.Equal(one.KnownCategories, read.KnownCategories);
            Assert.Equal(one with { Values = null, KnownCategories = null }, read with { Values = null, KnownCategories = null });
        }
    }

    [Theory]
    [InlineData("columns.format", null, "lack 'columns.format'")]
    [InlineData("columns.format", "99", "'99' for 'columns.format'")]
    [InlineData("columns.values", "3", "lack 'columns.values.2'")]
    [InlineData("columns.values", "1", "'columns.values.1', which this Elbo does not know")]
    [InlineData("columns.values", "2000000000", "cannot be read")]
    [InlineData("columns.colour", "red", "'columns.colour', which this Elbo does not know")]
    public void Properties_that_are_no_columns_are_refused(string name, string? value, string because)
    {
        var properties = new Dictionary<string, string>(new ObservationColumns { Values = ["a", "b"] }.ToProperties());
        if (value is null) properties.Remove(name);
        else properties[name] = value;
        Assert.Contains(because, Assert.Throws<InvalidDataException>(() => ObservationColumns.FromProperties(properties)).Message, StringComparison.Ordinal);
    }
}
