using Elbo.Topics;

namespace Elbo.Cli.Outputs;

/// <summary>What a model says of one document, with the names that people know it by.</summary>
readonly record struct DocumentRow(string Id, string? Label, DocumentTopics Topics)
{
    /// <summary>The topics of at least a probability, in the order of their ids.</summary>
    public IEnumerable<(int Topic, double Probability)> AtLeast(double probability)
    {
        double[] proportions = Topics.Proportions;
        return Enumerable.Range(0, proportions.Length).Where(topic => proportions[topic] >= probability).Select(topic => (topic, proportions[topic]));
    }
}
