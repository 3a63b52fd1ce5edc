using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing.Tests;

/// <summary>Every family of the catalogue, with and without its prior, alone and beside noise, through every law.</summary>
public sealed class FamilyTests
{
    const int Rows = 40;

    public static TheoryData<string, bool, bool> Families()
    {
        var data = new TheoryData<string, bool, bool>();
        foreach (string name in FamilyCatalog.Names)
            foreach (bool prior in new[] { false, true })
                foreach (bool noise in new[] { false, true })
                    data.Add(name, prior, noise);
        return data;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_keeps_every_law(string name, bool prior, bool noise) => Check(new FamilyOptions { Name = name, Prior = prior, Noise = noise }, hard: false, known: false);

    [Theory]
    [InlineData("diagonal")]
    [InlineData("spherical")]
    [InlineData("tied")]
    public void Every_covariance_keeps_every_law(string covariance)
    {
        foreach (bool prior in new[] { false, true }) Check(new FamilyOptions { Name = "gaussian", Covariance = covariance, Prior = prior }, hard: false, known: false);
    }

    [Fact]
    public void Every_family_keeps_every_law_with_hard_assignments_and_known_rows()
    {
        foreach (string name in FamilyCatalog.Names)
        {
            Check(new FamilyOptions { Name = name }, hard: true, known: false);
            Check(new FamilyOptions { Name = name }, hard: false, known: true);
        }
    }

    [Theory]
    [InlineData("gaussian", "full", false, false)]
    [InlineData("gaussian", "tied", true, false)]
    [InlineData("student-t", "full", false, true)]
    [InlineData("poisson", "full", true, true)]
    [InlineData("categorical", "full", false, false)]
    public void Components_that_are_mixtures_keep_every_law(string name, string covariance, bool prior, bool noise)
    {
        FamilyOptions options = new() { Name = name, Covariance = covariance, Prior = prior, Noise = noise, EmissionComponents = 2 };
        Check(options, hard: false, known: false);
        Check(options, hard: true, known: true);
    }

    [Fact]
    public void A_Student_t_of_fixed_degrees_keeps_every_law() => Check(new FamilyOptions { Name = "student-t", DegreesOfFreedom = 3 }, hard: false, known: false);

    static void Check(FamilyOptions options, bool hard, bool known)
    {
        ObservationTable table = TableFor(options.Name);
        if (known) table = table.WithLabels([.. Enumerable.Range(0, Rows).Select(i => i % 5 == 0 ? i % 3 : -1)], 3);
        FamilyCatalog.Create(options, table, 3).Accept(new Checker(options, table, hard));
    }

    static ObservationTable TableFor(string family)
    {
        var random = new Philox(11);
        double[] Make(int columns, Func<int, int, double> value) => [.. Enumerable.Range(0, Rows * columns).Select(place => value(place / columns, place % columns))];
        return family switch
        {
            "gaussian" or "student-t" or "regression" => new ObservationTable(Make(3, (i, j) => 3 * (i % 3) * (j + 1) + random.NextNormal() * (1 + i % 2)), 3),
            "poisson" => new ObservationTable(Make(2, (i, j) => random.NextPoisson(1 + 4 * (i % 3))), 2),
            "exponential" => new ObservationTable(Make(2, (i, j) => i == 0 ? 0 : -Math.Log(random.NextDoublePositive()) * (1 + 5 * (i % 3))), 2),
            "gamma" => new ObservationTable(Make(2, (i, j) => random.NextGamma(0.5 + i % 3) * (1 + 5 * (i % 2))), 2),
            "categorical" => new ObservationTable(Make(3, (i, j) => random.NextInt32(2 + j)), 3),
            "bernoulli" => new ObservationTable(Make(5, (i, j) => random.NextInt32(2 + i % 3) > 0 ? 1 : 0), 5),
            "multinomial" => new ObservationTable(Make(4, (i, j) => i == 0 ? 0 : random.NextPoisson(1 + (i + j) % 3 * 2)), 4),
            _ => throw new ArgumentException($"There are no rows for '{family}'.", nameof(family)),
        };
    }

    // Known components cannot be exchanged, nor be all of the one that a simpler model has; hard assignments have no slope.
    static void AssertTold(IReadOnlyList<ConformanceLaw> untold, bool known, bool hard)
    {
        ConformanceLaw[] expected = [.. hard ? [ConformanceLaw.FisherIdentity] : Array.Empty<ConformanceLaw>(), .. known ? [ConformanceLaw.LabelPermutation] : Array.Empty<ConformanceLaw>()];
        Assert.Equal(expected, untold.Where(law => law != ConformanceLaw.Reduction));
    }

    sealed class Checker(FamilyOptions options, ObservationTable table, bool hard) : IFamilyVisitor<bool>
    {
        public bool Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics>
        {
            DirichletPrior? prior = options.Prior ? new DirichletPrior(2) : null;
            bool known = !table.Responsibilities.IsEmpty;
            AssertTold(Conformance.CheckAll(new MixtureSubject<TComponents, TStatistics>($"mixture of {options}", family, table, 3, prior, hard)), known, hard);
            AssertTold(Conformance.CheckAll(new HiddenMarkovSubject<TComponents, TStatistics>($"hidden Markov model of {options}", family, table.WithSequences(4, 1, 5, 3, 27), 3,
                initialPrior: prior, transitionPrior: prior, hard: hard)), known, hard);
            return true;
        }
    }
}
