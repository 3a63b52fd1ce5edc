using Elbo.Engine;

namespace Elbo.Families;

/// <summary>The parameters of K components of one family. Immutable.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IComponents<TSelf> : ITensors<TSelf> where TSelf : class, IComponents<TSelf>
{
    /// <summary>K.</summary>
    int Count { get; }

    /// <summary>How many columns a row has.</summary>
    int Columns { get; }

    /// <summary>Whether <see cref="Select"/> can do without a component.</summary>
    bool CanDrop(int component) => Count > 1;

    /// <summary>Some of the components in a given order: what dropping one, or renumbering them, needs.</summary>
    TSelf Select(ReadOnlySpan<int> components);
}
