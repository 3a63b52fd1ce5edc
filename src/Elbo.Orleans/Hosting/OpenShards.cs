using Elbo.Engine;

namespace Elbo.Orleans;

/// <summary>Opens the data of a model on a worker.</summary>
/// <param name="properties">What the executor's side says of the data and the model, as names and values. A client may have sent them: check them as hostile.</param>
/// <param name="cancellationToken">Stops the opening.</param>
public delegate ShardWorker OpenShards(IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken);
