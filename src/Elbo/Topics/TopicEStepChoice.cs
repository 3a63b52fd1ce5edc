using System.Globalization;
using Elbo.Corpora;

namespace Elbo.Topics;

/// <summary>Which E-step <see cref="TopicEStep.Automatic"/> stands for: chosen from counts alone, so that the same corpus always gets the same one.</summary>
/// <param name="EStep">The E-step.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TopicEStepChoice(TopicEStep EStep, string Reason)
{
    /// <summary>Up to this many tokens × topics, a fit with every half-step checked takes seconds.</summary>
    const long CertifiedWork = 5_000_000;

    /// <summary>Up to this many tokens, the responsibilities of CVB0 (some 50 bytes a distinct term of a document, for any number of topics) fit into memory.</summary>
    const long CollapsedTokens = 50_000_000;

    /// <summary>Chooses for a fit; what only the certified E-steps can do decides first.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="checkpoints">Whether checkpoints are to be written.</param>
    /// <param name="executors">Whether E-steps are to run on other executors than this machine's threads.</param>
    public static TopicEStepChoice For(Corpus corpus, LdaOptions options, bool checkpoints = false, bool executors = false)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(options);
        if (options.EStep != TopicEStep.Automatic) return new(options.EStep, "as asked for");
        string? certified = options switch
        {
            { GuidedTopics.Count: > 0 } => "guided topics",
            { Eta: null or < LdaOptions.LeastEta } => "topics with a prior too weak for single precision, or none,",
            { ShortIterations: not null } => "short runs",
            { DocumentStart: not null } => "a document start",
            { Precision: Precision.Double } => "double precision",
            _ when checkpoints => "checkpoints",
            _ when executors => "executors",
            _ => null,
        };
        return certified is null ? For(corpus.DocumentCount, corpus.TokenCount, options.Topics) : new(TopicEStep.MeanField, $"{certified} asked for, which goes with an E-step that has a certificate");
    }

    /// <summary>Chooses.</summary>
    /// <param name="documents">D.</param>
    /// <param name="tokens">Tokens of the corpus.</param>
    /// <param name="topics">K.</param>
    public static TopicEStepChoice For(int documents, long tokens, int topics)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{documents:N0} documents, {tokens:N0} tokens, {topics:N0} topics");
        if (tokens * topics <= CertifiedWork)
            return new(TopicEStep.MeanField, $"{size}: small enough for a fit with every half-step checked");
        return tokens <= CollapsedTokens
            ? new(TopicEStep.Collapsed, $"{size}: CVB0 finds the best topics, and its responsibilities fit into memory")
            : new(TopicEStep.OnlineMap, $"{size}: too many for responsibilities in memory, and few passes are enough");
    }
}
