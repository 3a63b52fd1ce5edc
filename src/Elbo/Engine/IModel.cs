namespace Elbo.Engine;

/// <summary>A latent-variable model: what the M-step and the bound need to know of it. Implementations are immutable and thread-safe.</summary>
/// <typeparam name="TParameters">θ. Immutable.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics E_q[s(X, Z)].</typeparam>
public interface IModel<TParameters, TStatistics>
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>Empty statistics; for models with second moments the current parameters fix their origin.</summary>
    TStatistics CreateStatistics(TParameters current);

    /// <summary>Used statistics made empty for another pass. A model whose statistics hold an origin that moves with the parameters makes new ones or moves it.</summary>
    TStatistics Renew(TStatistics used, TParameters current)
    {
        used.Clear();
        return used;
    }

    /// <summary>The same statistics about the origin that the current parameters give, so that those of a later pass can be added (online EM). Either the same object or another one.</summary>
    TStatistics Recentre(TStatistics statistics, TParameters current) => statistics;

    /// <summary>The M-step: argmax over θ of <see cref="ExpectedLogJoint"/> + <see cref="GlobalBound"/>, or at least no worse than <paramref name="current"/>. Pure.</summary>
    TParameters Maximize(TStatistics statistics, TParameters current);

    /// <summary>
    /// Brings parameters that were not made by <see cref="Maximize"/> within the constraints that it keeps beyond those of the tensors (floors). Acceleration would otherwise
    /// leave them, and the next M-step lower the bound on its way back.
    /// </summary>
    TParameters Constrain(TParameters parameters) => parameters;

    /// <summary>E_q[log p(X, Z | θ)] in nats, for any θ, from the statistics alone; every term that does not depend on θ included.</summary>
    double ExpectedLogJoint(TStatistics statistics, TParameters parameters);

    /// <summary>
    /// The sum of the absolute values of what <see cref="ExpectedLogJoint"/> adds up, in nats, for models in which large parts cancel (log-determinants against quadratic forms): what the certificate
    /// allows for rounding is relative to it too. 0 where the result itself tells its size.
    /// </summary>
    double Magnitude(TStatistics statistics, TParameters parameters) => 0;

    /// <summary>What the objective adds to the local bound, in nats: 0 for maximum likelihood, log p(θ) for MAP, −KL(q(θ)‖p(θ)) for variational Bayes.</summary>
    double GlobalBound(TParameters parameters);
}
