namespace Elbo.Families;

/// <summary>What the covariances of a mixture's components have in common, and what they may be.</summary>
public enum CovarianceStructure
{
    /// <summary>A matrix of its own for every component (mclust: VVV).</summary>
    Full,

    /// <summary>A variance of its own for every component and column, nothing between columns (VVI).</summary>
    Diagonal,

    /// <summary>One variance for all columns of a component (VII).</summary>
    Spherical,

    /// <summary>One matrix for all components (EEE).</summary>
    Tied,
}

/// <summary>
/// How the numbers of a structure lie. A group is the components that share a covariance. Its covariance, and a scatter of the same form, are d × d numbers,
/// d variances, or 1.
/// </summary>
static class CovarianceStructures
{
    public static bool IsMatrix(this CovarianceStructure structure) => structure is CovarianceStructure.Full or CovarianceStructure.Tied;

    public static int Groups(this CovarianceStructure structure, int components) => structure == CovarianceStructure.Tied ? 1 : components;

    public static int GroupOf(this CovarianceStructure structure, int component) => structure == CovarianceStructure.Tied ? 0 : component;

    public static Range MembersOf(this CovarianceStructure structure, int group, int components) => structure == CovarianceStructure.Tied ? 0..components : group..(group + 1);

    public static int Length(this CovarianceStructure structure, int columns) => structure switch
    {
        CovarianceStructure.Diagonal => columns,
        CovarianceStructure.Spherical => 1,
        _ => checked(columns * columns),
    };

    /// <summary>Adds ½ (a bᵀ + b aᵀ) in the structure's form: whole, its diagonal, or its trace.</summary>
    public static void AddOuter(this CovarianceStructure structure, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> into)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (structure == CovarianceStructure.Diagonal) into[i] += a[i] * b[i];
            else if (structure == CovarianceStructure.Spherical) into[0] += a[i] * b[i];
            else for (int j = 0; j < a.Length; j++) into[i * a.Length + j] += 0.5 * (a[i] * b[j] + b[i] * a[j]);
        }
    }
}
