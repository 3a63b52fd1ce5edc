using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Elbo.Orleans.Hosting;

/// <summary>A grain that is on the silo that its key begins with, and nowhere else. It needs no directory, and so none that is lost with a silo.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OnSiloAttribute() : PlacementAttribute(new OnSilo());

/// <summary>The placement of <see cref="OnSiloAttribute"/>.</summary>
[Serializable]
sealed class OnSilo : PlacementStrategy
{
    public override bool IsUsingGrainDirectory => false;

    public static string KeyOf(string silo, string name) => $"{silo}/{name}";
}

/// <summary>Places a grain on the silo of its key.</summary>
sealed class OnSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string silo = target.GrainIdentity.Key.ToString()!.Split('/')[0];
        SiloAddress[] alive = context.GetCompatibleSilos(target);
        return Task.FromResult(Array.Find(alive, address => address.ToParsableString() == silo) ?? throw new SiloUnavailableException($"The worker {silo} is gone."));
    }
}
