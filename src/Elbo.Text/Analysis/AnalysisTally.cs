namespace Elbo.Text;

/// <summary>What analysis met and dropped, by cause: Read + NGrams = kept + StopWords + TooShort + TooLong + Numbers.</summary>
struct AnalysisTally
{
    /// <summary>Words found in the text, dropped ones included.</summary>
    public long Read;

    /// <summary>Terms formed by joining neighbouring words.</summary>
    public long NGrams;

    public long StopWords;
    public long TooShort;
    public long TooLong;

    /// <summary>Words without a letter.</summary>
    public long Numbers;
}
