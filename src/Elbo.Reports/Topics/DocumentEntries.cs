using System.Text;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>The documents of the page, their texts cut so that all of them together stay within a budget.</summary>
sealed class DocumentEntries(TopicModel model, Corpus corpus, TopicReportOptions options)
{
    /// <summary>What all texts may take on the page, and what one may, in bytes: 15 MB for everything leave as much, and nobody reads more of one.</summary>
    public const int Budget = 7_500_000, MostOfOne = 8_000;

    /// <summary>Topics of less than this share of a document are left out.</summary>
    public const double LeastShare = 0.01;

    // About what four numbers take, and what a character takes that JSON escapes.
    const int MarkBytes = 13, EscapedBytes = 6;

    readonly TokenTopics _tokenTopics = new(model.Parameters);
    readonly int[]? _terms = ReferenceEquals(corpus.Vocabulary, model.Vocabulary) ? null : [.. corpus.Vocabulary.Select(model.Vocabulary.IndexOf)];

    public IReadOnlyList<DocumentEntry> Of(IReadOnlyList<DocumentTopics> documents)
    {
        IReadOnlyDictionary<int, DocumentText>? texts = options.Texts?.Invoke(documents.Select(document => document.Document).ToHashSet());
        int most = Math.Min(MostOfOne, Budget / Math.Max(1, documents.Count));
        return [.. documents.Select(document => Entry(document, texts?.GetValueOrDefault(document.Document), most))];
    }

    DocumentEntry Entry(DocumentTopics document, DocumentText? own, int most)
    {
        int number = document.Document;
        (DocumentText text, string kind) = own is not null ? (own, "text") : corpus.HasTokens ? (OfTokens(number), "tokens") : (OfCounts(number), "counts");
        _tokenTopics.Turn(document.Proportions, document.Tokens - document.UnknownTokens);
        (int end, int[] marks) = Mark(text, number, most);
        int[] topics = [.. Enumerable.Range(0, document.Proportions.Length).Where(topic => document.Proportions[topic] >= LeastShare).OrderByDescending(topic => document.Proportions[topic])];
        return new DocumentEntry
        {
            Id = corpus.Id(number),
            Label = corpus.Label(number) is { Length: > 0 } label ? label : null,
            Source = corpus.Source(number) is { Length: > 0 } source ? source : null,
            Tokens = document.Tokens,
            UnknownTokens = document.UnknownTokens,
            Topics = topics,
            Shares = [.. topics.Select(topic => document.Proportions[topic])],
            Text = text.Text[..end],
            TextKind = kind,
            IsCut = end < text.Text.Length,
            Marks = marks,
        };
    }

    /// <summary>As much of a text as there is room for, to the end of a token, and its marks.</summary>
    public (int End, int[] Marks) Mark(DocumentText text, int document, int most)
    {
        var marks = new List<int>();
        int at = 0, bytes = 0, end = 0;
        foreach (DocumentToken token in text.Tokens.OrderBy(token => token.Start).ThenByDescending(token => token.Length))
        {
            if (token.Start < 0 || token.Length < 0 || token.Start > text.Text.Length - token.Length || IsInPair(text.Text, token.Start) || IsInPair(text.Text, token.Start + token.Length))
                throw new ArgumentException($"Document {document} has a token that begins at {token.Start} and is {token.Length} long, in a text of {text.Text.Length}. Give the text that its tokens were found in.");
            // Words inside an n-gram, or n-grams that overlap: the first stands for them.
            if (token.Start < at) continue;
            int close = token.Start + token.Length;
            bytes += BytesOf(text.Text.AsSpan(at, close - at));
            if (bytes > most) return (end > 0 ? end : Prefix(text.Text, most), [.. marks]);
            if (_tokenTopics.Likeliest(token.Term) is { } likeliest)
            {
                marks.AddRange(token.Start - end, token.Length, likeliest.Topic, (int)Math.Round(100 * likeliest.Probability));
                bytes += MarkBytes;
                end = close;
            }
            at = close;
        }
        int rest = BytesOf(text.Text.AsSpan(at));
        return (bytes + rest <= most ? text.Text.Length : end > 0 ? end : Prefix(text.Text, most), [.. marks]);
    }

    /// <summary>How much of a text without known tokens there is room for.</summary>
    static int Prefix(string text, int most)
    {
        int length = 0;
        for (int bytes = 0; length < text.Length && (bytes += BytesOf(text.AsSpan(length, 1))) <= most; length++) { }
        return IsInPair(text, length) ? length - 1 : length;
    }

    /// <summary>Whether a place is between the two halves of a surrogate pair.</summary>
    static bool IsInPair(string text, int place) => place > 0 && place < text.Length && char.IsHighSurrogate(text[place - 1]) && char.IsLowSurrogate(text[place]);

    static int BytesOf(ReadOnlySpan<char> text)
    {
        int bytes = 0;
        foreach (char letter in text) bytes += char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '.' or ',' or ';' or ':' or '-' or '(' or ')' ? 1 : EscapedBytes;
        return bytes;
    }

    DocumentText OfTokens(int document)
    {
        var text = new StringBuilder();
        var tokens = new List<DocumentToken>();
        foreach (int term in corpus.Tokens(document)) Append(text, tokens, term, text.Length == 0 ? "" : " ");
        return new DocumentText(text.ToString(), tokens);
    }

    DocumentText OfCounts(int document)
    {
        var text = new StringBuilder();
        var tokens = new List<DocumentToken>();
        int[] terms = corpus.Terms(document).ToArray(), counts = corpus.Counts(document).ToArray();
        foreach (int i in Enumerable.Range(0, terms.Length).OrderByDescending(i => counts[i]))
        {
            Append(text, tokens, terms[i], text.Length == 0 ? "" : ", ");
            if (counts[i] > 1) text.Append(System.Globalization.CultureInfo.InvariantCulture, $" ({counts[i]})");
        }
        return new DocumentText(text.ToString(), tokens);
    }

    void Append(StringBuilder text, List<DocumentToken> tokens, int term, string before)
    {
        string name = corpus.Vocabulary[term];
        text.Append(before);
        int known = _terms is null ? term : _terms[term];
        if (known >= 0) tokens.Add(new DocumentToken(known, text.Length, name.Length));
        text.Append(name);
    }
}
