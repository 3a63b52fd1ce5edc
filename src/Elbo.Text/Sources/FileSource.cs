namespace Elbo.Text;

/// <summary>Documents from files that were found: text files one by one, tables row by row.</summary>
sealed class FileSource : TextSource
{
    readonly IReadOnlyList<SourceFile> _files;
    readonly TextSourceOptions _options;

    public FileSource(string name, IReadOnlyList<SourceFile> files, TextSourceOptions options)
    {
        Name = name;
        _files = files;
        _options = options;
        string? column = options.TextColumn ?? options.IdColumn ?? options.LabelColumn;
        SourceFile? text = files.Cast<SourceFile?>().FirstOrDefault(file => FormatOf(file!.Value) == TextFormat.Text);
        if (column is not null && text is not null)
            throw new ArgumentException($"The column '{column}' was named, but '{text.Value.Name}' is read as text, which has no columns. Name its format, or leave the column out.", nameof(options));
    }

    public override string Name { get; }

    public override IEnumerable<TextDocument> Read(CancellationToken cancellationToken)
    {
        foreach (SourceFile file in _files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TextFormat format = FormatOf(file);
            if (format == TextFormat.Text)
            {
                int folder = file.Name.LastIndexOf('/');
                yield return new TextDocument(TextFile.Read(file.Path), file.Name, folder < 0 ? null : file.Name[..folder], file.Name);
                continue;
            }
            foreach (TextDocument document in ReadTable(file, format, cancellationToken))
                yield return document;
        }
    }

    IEnumerable<TextDocument> ReadTable(SourceFile file, TextFormat format, CancellationToken cancellationToken)
    {
        using TableReader table = TableReader.Open(file, format);
        var columns = TableColumns.Choose(table.Columns, table.StringColumns, _options, file.Name);
        long row = 0;
        foreach (string?[] values in table.Rows([columns.Text, columns.Id, columns.Label], cancellationToken))
            yield return new TextDocument(values[0], values[1], values[2], $"{file.Name}:row {++row}");
    }

    TextFormat FormatOf(SourceFile file) => _options.Format == TextFormat.Auto ? Formats.Of(file.Name) : _options.Format;
}
