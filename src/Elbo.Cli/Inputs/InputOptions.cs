using System.CommandLine;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>The options that say what an input is.</summary>
sealed class InputOptions
{
    readonly Choice<InputFormat> _format = new("--format", "What the input holds; auto tells by its name.", InputFormat.Auto, InputFormats.Names);
    readonly Option<string?> _vocabulary = OptionOf.Path("--vocab", "file", "The vocabulary of an lda-c or UCI input, one term a line.");
    readonly Option<string?> _text = Column("--text-column", "text", "text, else the only column of strings");
    readonly Option<string?> _id = Column("--id-column", "documents' ids", "id where there is one, else documents are numbered");
    readonly Option<string?> _label = Column("--label-column", "documents' labels", "label where there is one");

    public InputOptions(Command command, bool required = true)
    {
        Input = new Argument<string?>("INPUT")
        {
            Description = "A folder of text files, a pattern ('docs/**/*.md'), a .txt or .md file; a table (.jsonl .csv .tsv .parquet); lda-c (.ldac .dat) or UCI (docword*.txt) counts; "
                + "a corpus file (.elboc). Texts and counts also as .gz.",
            Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        command.Add(Input);
        foreach (Option option in (ReadOnlySpan<Option>)[_format.Option, _vocabulary, _text, _id, _label]) command.Add(option);
    }

    public Argument<string?> Input { get; }

    /// <summary>The input that was asked for. Options that would have no effect on it are errors.</summary>
    public InputRequest Read(ParseResult parsed, TextImportOptions? import = null)
    {
        string path = parsed.GetValue(Input) ?? throw new UsageException("an INPUT is needed.");
        InputFormat format = _format.Read(parsed);
        if (format == InputFormat.Auto) format = InputFormats.Detect(path);
        var request = new InputRequest
        {
            Path = path,
            Format = format,
            VocabularyPath = parsed.GetValue(_vocabulary),
            Source = new TextSourceOptions { TextColumn = parsed.GetValue(_text), IdColumn = parsed.GetValue(_id), LabelColumn = parsed.GetValue(_label) },
        };
        string name = InputFormats.Names.First(known => known.Format == format).Name;
        if (format.IsText())
        {
            Refuse(parsed, [_vocabulary], path, format == InputFormat.Auto ? "text" : name, "lda-c and UCI counts");
            return import is null ? request : request with { Import = import.Read(parsed) };
        }
        Refuse(parsed, [_text, _id, _label], path, name, "tables");
        Refuse(parsed, import?.All ?? [], path, name, "text");
        if (format == InputFormat.Elboc) Refuse(parsed, [_vocabulary], path, name, "lda-c and UCI counts");
        return request;
    }

    /// <summary>The vocabulary alone, for verbs that read counts without an INPUT.</summary>
    public string? ReadVocabulary(ParseResult parsed)
    {
        if (((ReadOnlySpan<Option>)[_format.Option, _text, _id, _label]).ToArray().FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} is for an INPUT, and there is none.");
        return parsed.GetValue(_vocabulary);
    }

    /// <summary>For an input that is no corpus: none of the options has an effect on it.</summary>
    public void RefuseAll(ParseResult parsed, string because)
    {
        if (((ReadOnlySpan<Option>)[_format.Option, _vocabulary, _text, _id, _label]).ToArray().FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} is for corpora, and {because}.");
    }

    static void Refuse(ParseResult parsed, IEnumerable<Option> options, string path, string format, string wanted)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} is for {wanted}, and '{path}' is read as {format}. Leave the option out, or name another --format.");
    }

    static Option<string?> Column(string name, string what, string byDefault) => new(name)
    {
        Description = $"The column of a table that holds the {what}; by default {byDefault}.",
        HelpName = "column",
    };
}
