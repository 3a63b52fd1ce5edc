namespace Elbo.Topics;

/// <summary>One pass of an E-step that has no certificate: online, CVB0, or any in single precision.</summary>
public sealed record TopicPass
{
    /// <summary>t, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The stretch of the fit that it belongs to, by name.</summary>
    public required string Segment { get; init; }

    /// <summary>The objective in nats of the topics that the pass began with (mean field: ELBO; MAP: log p(θ, φ, w)), online the documents' part of it, each at the topics of its batch. Null for CVB0, which has none.</summary>
    public double? Objective { get; init; }

    /// <summary>Nats per held-out token after the pass; null where no documents are set aside.</summary>
    public double? HeldOut { get; init; }

    /// <summary>CVB0: the share of the tokens that went from one topic to another, in [0, 1]. Null for others.</summary>
    public double? Moved { get; init; }

    /// <summary>Time since the start began.</summary>
    public required TimeSpan Elapsed { get; init; }
}
