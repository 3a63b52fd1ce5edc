using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Selection;

/// <summary>Which numbers of topics are compared, and how.</summary>
public sealed record TopicSelectionOptions
{
    /// <summary>The numbers of topics, each ≥ 1 and none twice.</summary>
    public IReadOnlyList<int> Topics { get; init; } = [10, 20, 50, 100];

    /// <summary>Fits for each number, ≥ 1, with the seeds <see cref="LdaOptions.Seed"/>, <see cref="LdaOptions.Seed"/> + 1, …</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>The share of the documents, in (0, 0.5], that no fit sees and all are scored on: the same for every fit, drawn by <see cref="LdaOptions.Seed"/>; at most 1,000, for more cost time and tell little.</summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>How each is fitted, its seed and its threads; <see cref="LdaOptions.Topics"/> is taken from <see cref="Topics"/>, and <see cref="LdaOptions.Restarts"/> must be 1.</summary>
    public LdaOptions Fit { get; init; } = new();

    /// <summary>How many of the most probable terms of a topic coherence, exclusivity and stability look at, ≥ 2.</summary>
    public int Terms { get; init; } = new CoherenceOptions().Terms;

    internal CoherenceOptions Coherence => new() { Terms = Terms, Threads = Fit.Threads };

    internal void Validate()
    {
        if (Topics.Count == 0) throw new ArgumentException("There is no number of topics to compare.");
        foreach (int topics in Topics)
            if (topics < 1) throw new ArgumentException($"The number of topics must be 1 or more, not {topics}.");
        if (Topics.Distinct().Count() < Topics.Count) throw new ArgumentException("A number of topics is given twice.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        if (!(HeldOutShare is > 0 and <= 0.5)) throw new ArgumentOutOfRangeException(nameof(HeldOutShare), HeldOutShare, "The share of held-out documents must be above 0 and at most 0.5.");
        if (Fit.Restarts != 1) throw new ArgumentException("The restarts are fits of their own here: leave those of the fit at 1.");
        Fit.Validate();
        Coherence.Validate();
    }
}
