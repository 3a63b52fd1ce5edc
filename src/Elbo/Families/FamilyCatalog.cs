using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The families by name: where the command line and model files find them.</summary>
public static class FamilyCatalog
{
    const double UsualConcentration = 1.5;

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["gaussian", "student-t", "regression", "poisson", "exponential", "gamma", "categorical", "bernoulli", "multinomial"];

    /// <summary>Sets a family up for a table.</summary>
    /// <param name="options">The name, and what else is asked for.</param>
    /// <param name="table">The rows that it is to be fitted to: floors and priors take their scale from them.</param>
    /// <param name="components">K, the noise among them.</param>
    /// <exception cref="ArgumentException">There is no family of that name, an option does not fit it, or the rows do not.</exception>
    public static AnyFamily Create(FamilyOptions options, ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(table);
        options.Validate();
        int parts = components * options.EmissionComponents;
        DirichletPrior? dirichlet = options.Prior ? new DirichletPrior(UsualConcentration) : null;
        AnyFamily family = options.Name switch
        {
            "gaussian" => AnyFamily.Of(new Gaussian(CovarianceOf(options.Covariance), FloorOf(options, table),
                options.Prior ? NormalInverseWishartPrior.FromTable(table, parts) : null)),
            "student-t" => AnyFamily.Of(new StudentT(FloorOf(options, table), options.DegreesOfFreedom, options.Prior ? NormalInverseWishartPrior.FromTable(table, parts) : null)),
            "regression" => AnyFamily.Of(new LinearRegression(options.Floor ?? LinearRegression.DefaultFloor(table), options.Prior ? LinearRegression.PriorFrom(table) : null)),
            "poisson" => AnyFamily.Of(new Poisson(options.Prior ? new GammaPrior(UsualConcentration, 0.5 / MeanOf(table)) : null)),
            "exponential" => AnyFamily.Of(new Exponential(options.Floor ?? 1e-6 * MeanOf(table), options.Prior ? new GammaPrior(UsualConcentration, 0.5 * MeanOf(table)) : null)),
            "gamma" => AnyFamily.Of(options.Floor is { } floor ? new Gamma(1 / floor, RatePrior(options, table)) : new Gamma(prior: RatePrior(options, table))),
            "categorical" => AnyFamily.Of(new Categorical(Categorical.CategoriesOf(table), dirichlet)),
            "bernoulli" => AnyFamily.Of(new Bernoulli(dirichlet)),
            "multinomial" => AnyFamily.Of(new Multinomial(dirichlet)),
            _ => throw Unknown(options.Name),
        };
        if (options.EmissionComponents > 1) family = family.Accept(new EmissionOf(options.EmissionComponents, dirichlet));
        return options.Noise ? family.Accept(new NoiseAround(table)) : family;
    }

    /// <summary>The family that a file names, with the settings it had.</summary>
    /// <exception cref="InvalidDataException">There is no family of that name, or a setting is missing or wrong.</exception>
    public static AnyFamily Read(string name, IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        AnyFamily family = name switch
        {
            "gaussian" => AnyFamily.Of(Gaussian.Create(settings)),
            "student-t" => AnyFamily.Of(StudentT.Create(settings)),
            "regression" => AnyFamily.Of(LinearRegression.Create(settings)),
            "poisson" => AnyFamily.Of(Poisson.Create(settings)),
            "exponential" => AnyFamily.Of(Exponential.Create(settings)),
            "gamma" => AnyFamily.Of(Gamma.Create(settings)),
            "categorical" => AnyFamily.Of(Categorical.Create(settings)),
            "bernoulli" => AnyFamily.Of(Bernoulli.Create(settings)),
            "multinomial" => AnyFamily.Of(Multinomial.Create(settings)),
            _ => throw new InvalidDataException(Unknown(name).Message),
        };
        if (settings.ContainsKey(EmissionKey)) family = family.Accept(new EmissionFrom(settings));
        return settings.ContainsKey(NoiseKey) ? family.Accept(new NoiseOf(settings)) : family;
    }

    const string NoiseKey = WithNoise<PoissonComponents, DenseStatistics>.LowerKey, EmissionKey = MixtureEmission<PoissonComponents, DenseStatistics>.PartsKey;

    static GammaPrior? RatePrior(FamilyOptions options, ObservationTable table) => options.Prior ? new GammaPrior(UsualConcentration, 0.5 * MeanOf(table)) : null;

    static VarianceFloor FloorOf(FamilyOptions options, ObservationTable table) => options.Floor is { } floor ? new VarianceFloor(floor) : VarianceFloor.FromTable(table);

    static double MeanOf(ObservationTable table) => Math.Max(ColumnMoments.Means(table).Average(), 1e-12);

    static CovarianceStructure CovarianceOf(string name) => Enum.TryParse(name, ignoreCase: true, out CovarianceStructure structure) && Enum.IsDefined(structure) && !char.IsAsciiDigit(name[0]) ? structure
        : throw new ArgumentException($"There is no covariance '{name}'. There are: full, diagonal, spherical, tied.");

    static ArgumentException Unknown(string name) => new($"There is no family '{name}'. There are: {string.Join(", ", Names)}.");

    sealed class EmissionOf(int parts, DirichletPrior? prior) : IFamilyVisitor<AnyFamily>
    {
        public AnyFamily Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics> => AnyFamily.Of(new MixtureEmission<TComponents, TStatistics>(family, parts, prior));
    }

    sealed class EmissionFrom(IReadOnlyDictionary<string, string> settings) : IFamilyVisitor<AnyFamily>
    {
        public AnyFamily Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics> => AnyFamily.Of(MixtureEmission<TComponents, TStatistics>.Create(family, settings));
    }

    sealed class NoiseAround(ObservationTable table) : IFamilyVisitor<AnyFamily>
    {
        public AnyFamily Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics> => AnyFamily.Of(WithNoise<TComponents, TStatistics>.Around(family, table));
    }

    sealed class NoiseOf(IReadOnlyDictionary<string, string> settings) : IFamilyVisitor<AnyFamily>
    {
        public AnyFamily Visit<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family)
            where TComponents : class, IComponents<TComponents>
            where TStatistics : class, IStatistics<TStatistics> => AnyFamily.Of(WithNoise<TComponents, TStatistics>.Create(family, settings));
    }
}
