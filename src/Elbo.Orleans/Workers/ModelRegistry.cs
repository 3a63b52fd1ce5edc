using Elbo.Engine;

namespace Elbo.Orleans.Workers;

/// <summary>The models that a worker knows. It runs nothing else.</summary>
sealed class ModelRegistry
{
    readonly Dictionary<string, OpenShards> _models = new(StringComparer.Ordinal);

    public void Add(string name, OpenShards open)
    {
        if (!_models.TryAdd(name, open)) throw new ArgumentException($"There are two models of the name '{name}'.", nameof(name));
    }

    public ShardWorker Open(string model, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) => _models.TryGetValue(model, out OpenShards? open)
        ? open(properties, cancellationToken)
        : throw new ArgumentException($"This worker knows no model '{model}', only {string.Join(", ", _models.Keys.Order(StringComparer.Ordinal))}. Host it with AddElboWorker().AddModel(\"{model}\", …).", nameof(model));
}
