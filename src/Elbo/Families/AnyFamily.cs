using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>A family whose types are not known where it is passed on; <see cref="Accept"/> gives them back.</summary>
public abstract class AnyFamily
{
    private protected AnyFamily()
    {
    }

    /// <inheritdoc cref="IComponentFamily{TComponents, TStatistics}.Name"/>
    public abstract string Name { get; }

    /// <inheritdoc cref="IComponentFamily{TComponents, TStatistics}.Settings"/>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc cref="IComponentFamily{TComponents, TStatistics}.Check"/>
    public abstract void Check(ObservationTable table);

    /// <summary>Hands the family with its types to a visitor.</summary>
    public abstract TResult Accept<TResult>(IFamilyVisitor<TResult> visitor);

    /// <summary>Any family, your own too.</summary>
    public static AnyFamily Of<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
        where TComponents : class, IComponents<TComponents>
        where TStatistics : class, IStatistics<TStatistics> => new Typed<TComponents, TStatistics>(family);

    sealed class Typed<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family) : AnyFamily
        where TComponents : class, IComponents<TComponents>
        where TStatistics : class, IStatistics<TStatistics>
    {
        public override string Name => family.Name;

        public override IReadOnlyDictionary<string, string> Settings => family.Settings;

        public override void Check(ObservationTable table) => family.Check(table);

        public override TResult Accept<TResult>(IFamilyVisitor<TResult> visitor)
        {
            ArgumentNullException.ThrowIfNull(visitor);
            return visitor.Visit(family);
        }
    }
}

/// <summary>Something to do with a family once its types are known.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
public interface IFamilyVisitor<out TResult>
{
    /// <summary>Called once.</summary>
    TResult Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
        where TComponents : class, IComponents<TComponents>
        where TStatistics : class, IStatistics<TStatistics>;
}
