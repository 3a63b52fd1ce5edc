namespace Elbo.Text;

/// <summary>How files become documents.</summary>
public sealed record TextSourceOptions
{
    /// <summary>What the files hold. Default: by each file's extension.</summary>
    public TextFormat Format { get; init; } = TextFormat.Auto;

    /// <summary>The column of a table that holds the text. Default: <c>text</c>, else the only column of strings.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The column of a table that holds the documents' ids. Default: <c>id</c> where there is one, else documents are numbered.</summary>
    public string? IdColumn { get; init; }

    /// <summary>The column of a table that holds the documents' labels. Default: <c>label</c> where there is one, else no labels.</summary>
    public string? LabelColumn { get; init; }
}
