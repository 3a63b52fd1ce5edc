using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>
/// The instruction set that the kernels run on. The same seed gives the same bits within one profile, and numbers that agree closely across
/// profiles; so a model file names the profile that made it.
/// </summary>
public enum KernelProfile
{
    /// <summary>128-bit vectors and, on x86, no fused multiply-add: runs everywhere.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add (x86: AVX2 and FMA).</summary>
    Avx2,

    /// <summary>512-bit vectors with fused multiply-add (x86: AVX-512 F).</summary>
    Avx512,
}

/// <summary>Which <see cref="KernelProfile"/>s this machine has, and which one is in use.</summary>
/// <remarks>Safe to call from many threads.</remarks>
public static class KernelProfiles
{
    static readonly KernelProfile[] _available = Detect();
    static readonly Lazy<KernelProfile> _current = new(() => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable), _available));

    /// <summary>The environment variable that forces a profile: avx512, avx2 or portable. Unset or empty, the fastest available one is used.</summary>
    public const string EnvironmentVariable = "ELBO_KERNEL_PROFILE";

    /// <summary>The profiles that this machine can run, fastest first; <see cref="KernelProfile.Portable"/> is always among them.</summary>
    public static IReadOnlyList<KernelProfile> Available => _available;

    /// <summary>The profile in use: the fastest available one, or the one that <see cref="EnvironmentVariable"/> forced when it was first read.</summary>
    /// <exception cref="InvalidOperationException">The variable names no profile, or one that this machine does not have.</exception>
    public static KernelProfile Current => _current.Value;

    /// <summary>The name of a profile in the environment variable and in files: avx512, avx2 or portable.</summary>
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "The names are lower-case by definition, not for comparison.")]
    public static string Name(KernelProfile profile) => profile.ToString().ToLowerInvariant();

    /// <summary>Runs a kernel on the lanes of a profile. This is where kernels that are generic over their lanes are tied to a profile.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine does not have the profile.</exception>
    internal static TResult Run<TResult>(KernelProfile profile, ILanesVisitor<TResult> visitor)
    {
        Require(profile);
        return profile switch
        {
            KernelProfile.Avx512 => visitor.Visit<Lanes512>(),
            KernelProfile.Avx2 => visitor.Visit<Lanes256>(),
            _ => visitor.Visit<LanesPortable>(),
        };
    }

    /// <summary>The same for kernels in single precision.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine does not have the profile.</exception>
    internal static TResult Run<TResult>(KernelProfile profile, ISingleLanesVisitor<TResult> visitor)
    {
        Require(profile);
        return profile switch
        {
            KernelProfile.Avx512 => visitor.Visit<SingleLanes512>(),
            KernelProfile.Avx2 => visitor.Visit<SingleLanes256>(),
            _ => visitor.Visit<SingleLanesPortable>(),
        };
    }

    internal static KernelProfile Choose(string? forced, IReadOnlyList<KernelProfile> available)
    {
        if (string.IsNullOrEmpty(forced)) return available[0];
        foreach (KernelProfile profile in Enum.GetValues<KernelProfile>())
        {
            if (!string.Equals(Name(profile), forced, StringComparison.OrdinalIgnoreCase)) continue;
            return available.Contains(profile) ? profile : throw Refusal($"is '{forced}', which this machine's processor does not have");
        }
        throw Refusal($"is '{forced}', which is not a kernel profile");

        InvalidOperationException Refusal(string what) =>
            new($"The environment variable {EnvironmentVariable} {what}. Values that work here: {string.Join(", ", available.Select(Name))}.");
    }

    /// <summary>Refuses to go on from what another profile computed.</summary>
    internal static void CheckCheckpoint(KernelProfile written)
    {
        if (written != Current)
            throw new ArgumentException($"The checkpoint was written with the kernel profile '{Name(written)}', and '{Name(Current)}' is in use, which would end in other bits. Set {EnvironmentVariable}={Name(written)}.");
    }

    static void Require(KernelProfile profile)
    {
        if (!_available.Contains(profile))
        {
            throw new PlatformNotSupportedException(
                $"This machine's processor does not have the kernel profile '{Name(profile)}'. It has: {string.Join(", ", _available.Select(Name))}.");
        }
    }

    static KernelProfile[] Detect()
    {
        var available = new List<KernelProfile>();
        if (Avx512F.IsSupported) available.Add(KernelProfile.Avx512);
        if (Avx2.IsSupported && Fma.IsSupported) available.Add(KernelProfile.Avx2);
        available.Add(KernelProfile.Portable);
        return [.. available];
    }
}

/// <summary>Something to run, or an object to make, on the lanes of one profile: see <see cref="KernelProfiles.Run{TResult}(KernelProfile, ILanesVisitor{TResult})"/>.</summary>
interface ILanesVisitor<out TResult>
{
    /// <summary>Called once, with the lanes of the profile.</summary>
    TResult Visit<TLanes>() where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Something to run, or an object to make, on the single-precision lanes of one profile: see <see cref="KernelProfiles.Run{TResult}(KernelProfile, ISingleLanesVisitor{TResult})"/>.</summary>
interface ISingleLanesVisitor<out TResult>
{
    /// <summary>Called once, with the lanes of the profile.</summary>
    TResult Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>;
}
