using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using GeometricFamily;

// How often a die had to be thrown until a six came, a fair one and one that is loaded taking turns of a dozen.
double[] failures =
[
    3, 9, 0, 5, 12, 2, 7, 4, 1, 16, 6, 3, 0, 1, 0, 0, 2, 0, 1, 0, 0, 3, 0, 1,
    8, 2, 5, 0, 11, 4, 19, 6, 3, 7, 1, 9, 0, 0, 1, 0, 2, 0, 0, 1, 0, 0, 1, 3,
];
var table = new ObservationTable(failures, 1, ["failures"]);
foreach (LatentStructure structure in Enum.GetValues<LatentStructure>())
{
    FittedModel model = await Estimator.FitAsync(AnyFamily.Of(new Geometric()), table, new FitOptions { Structure = structure, Components = 2 });
    Console.WriteLine($"{structure}: log-likelihood {model.Record.LogLikelihood:F6}, BIC {model.Record.Bic:F3}, chances {string.Join(", ", model.Parameters.Doubles("chances", Elbo.Engine.TensorConstraint.Simplex, 2, 2).Where((_, i) => i % 2 == 0).Select(p => p.ToString("F4")))}");
}
