using Elbo.Fitting;
using Elbo.Topics;

namespace Elbo.Orleans;

/// <summary>Which fits a cluster takes: those whose E-steps keep nothing from pass to pass, so that any worker can repeat any shard to the same bits.</summary>
public static class ClusterRules
{
    const string Works = "On a cluster mean field and MAP work, in double precision and from cold documents: --e-step mean-field (or map) --document-start cold.";

    /// <summary>Refuses a fit of topics that a cluster does not take.</summary>
    /// <exception cref="ArgumentException">The fit keeps something of a document, or goes in small batches; the message names what works.</exception>
    public static void Check(LdaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.EStep is TopicEStep.Collapsed) throw new ArgumentException($"CVB0 keeps what it knows of every document from pass to pass, and a cluster does not. {Works}", nameof(options));
        if (options.EStep is TopicEStep.OnlineMap or TopicEStep.OnlineMeanField) throw new ArgumentException($"Online E-steps go in small batches, one after the other: a cluster has nothing to share out. {Works}", nameof(options));
        if (options.IsBySweeps) throw new ArgumentException($"Single precision is for E-steps that sweep on one machine. {Works}", nameof(options));
        if (options.DocumentStart is null) throw new ArgumentException($"Without a document start a fit ends with passes that remember every document, and a cluster does not. {Works}", nameof(options));
        if (options.DocumentStart != DocumentStart.Cold) throw new ArgumentException($"Documents that begin {options.DocumentStart} are remembered from pass to pass, and a cluster does not do that. {Works}", nameof(options));
    }

    /// <summary>Refuses a fit of a table that a cluster does not take.</summary>
    /// <exception cref="ArgumentException">The fit goes in small batches.</exception>
    public static void Check(FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Online is not null) throw new ArgumentException("Online passes go in small batches, one after the other: a cluster has nothing to share out. Leave the option out.", nameof(options));
    }
}
