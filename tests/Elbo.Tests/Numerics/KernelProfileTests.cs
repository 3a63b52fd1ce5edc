using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class KernelProfileTests
{
    static readonly KernelProfile[] _all = [KernelProfile.Avx512, KernelProfile.Avx2, KernelProfile.Portable];

    [Fact]
    public void The_portable_profile_is_always_there_and_last() => Assert.Equal(KernelProfile.Portable, KernelProfiles.Available[^1]);

    [Fact]
    public void The_profile_in_use_is_the_forced_or_else_the_fastest_one()
    {
        string? forced = Environment.GetEnvironmentVariable(KernelProfiles.EnvironmentVariable);
        Assert.Equal(string.IsNullOrEmpty(forced) ? KernelProfiles.Name(KernelProfiles.Available[0]) : forced, KernelProfiles.Name(KernelProfiles.Current), ignoreCase: true);
    }

    [Theory]
    [InlineData(null, KernelProfile.Avx512)]
    [InlineData("", KernelProfile.Avx512)]
    [InlineData("avx512", KernelProfile.Avx512)]
    [InlineData("AVX2", KernelProfile.Avx2)]
    [InlineData("portable", KernelProfile.Portable)]
    public void A_name_chooses(string? forced, KernelProfile expected) => Assert.Equal(expected, KernelProfiles.Choose(forced, _all));

    [Fact]
    public void Names_lead_back_to_their_profiles()
    {
        foreach (KernelProfile profile in Enum.GetValues<KernelProfile>()) Assert.Equal(profile, KernelProfiles.Choose(KernelProfiles.Name(profile), _all));
    }

    [Theory]
    [InlineData("sse9", "'sse9', which is not a kernel profile")]
    [InlineData("1", "'1', which is not a kernel profile")]
    [InlineData("avx512", "'avx512', which this machine's processor does not have")]
    public void What_does_not_work_is_refused_with_what_does(string forced, string reason)
    {
        var error = Assert.Throws<InvalidOperationException>(() => KernelProfiles.Choose(forced, [KernelProfile.Avx2, KernelProfile.Portable]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(KernelProfiles.EnvironmentVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains("Values that work here: avx2, portable.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_run_on_the_lanes_of_their_profile()
    {
        foreach (KernelProfile profile in KernelProfiles.Available)
        {
            Assert.Equal(profile, KernelProfiles.Run(profile, new ProfileOfLanes()));
            Assert.Equal(profile, KernelProfiles.Run(profile, new ProfileOfSingleLanes()));
        }
        foreach (KernelProfile profile in Enum.GetValues<KernelProfile>().Except(KernelProfiles.Available))
        {
            Assert.Throws<PlatformNotSupportedException>(() => KernelProfiles.Run(profile, new ProfileOfLanes()));
            Assert.Throws<PlatformNotSupportedException>(() => KernelProfiles.Run(profile, new ProfileOfSingleLanes()));
        }
    }

    sealed class ProfileOfLanes : ILanesVisitor<KernelProfile>
    {
        public KernelProfile Visit<TLanes>() where TLanes : struct, ILanes<TLanes> => TLanes.Profile;
    }

    sealed class ProfileOfSingleLanes : ISingleLanesVisitor<KernelProfile>
    {
        public KernelProfile Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => TLanes.Profile;
    }
}
