using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Testing.Tests;

public sealed class ClientTests
{
    public static TheoryData<bool, DocumentStart, ConformanceLaw> LdaLaws()
    {
        var data = new TheoryData<bool, DocumentStart, ConformanceLaw>();
        foreach (bool smoothed in new[] { false, true })
            foreach (DocumentStart start in Enum.GetValues<DocumentStart>())
                foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
                    data.Add(smoothed, start, law);
        return data;
    }

    [Fact]
    public void Two_coins_keep_every_law() => Conformance.CheckAll(new CoinSubject(), new() { Starts = 20, Iterations = 20 });

    [Theory]
    [MemberData(nameof(LdaLaws))]
    public void Lda_keeps_every_law(bool smoothed, DocumentStart start, ConformanceLaw law) => Conformance.Check(law, new LdaSubject(smoothed, start));

    public static TheoryData<bool, DocumentStart, ConformanceLaw> MapLaws()
    {
        var data = new TheoryData<bool, DocumentStart, ConformanceLaw>();
        foreach (bool smoothed in new[] { false, true })
            foreach (DocumentStart start in new[] { DocumentStart.Warm, DocumentStart.Cold })
                foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
                    data.Add(smoothed, start, law);
        return data;
    }

    [Theory]
    [MemberData(nameof(MapLaws))]
    public void Lda_by_map_keeps_every_law(bool smoothed, DocumentStart start, ConformanceLaw law) => Conformance.Check(law, new LdaMapSubject(smoothed, start));

    [Fact]
    public void Lda_by_map_keeps_every_law_in_every_kernel_profile()
    {
        foreach (KernelProfile profile in KernelProfiles.Available)
            Conformance.CheckAll(new LdaMapSubject(true, DocumentStart.Warm, profile), new() { Starts = 1 });
    }

    [Fact]
    public void Lda_keeps_every_law_in_every_kernel_profile()
    {
        foreach (KernelProfile profile in KernelProfiles.Available)
            Conformance.CheckAll(new LdaSubject(true, DocumentStart.Guarded, profile), new() { Starts = 1 });
    }
}
