namespace Elbo.Orleans;

/// <summary>A cluster could not do what was asked for: no worker answers, a worker cannot read its data, or one refused. The message says which worker and what to do.</summary>
public sealed class ElboClusterException : Exception
{
    /// <summary>An error without words.</summary>
    public ElboClusterException()
    {
    }

    /// <summary>An error in words.</summary>
    public ElboClusterException(string message) : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public ElboClusterException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
