using System.Globalization;

namespace Elbo.Reports.Tables;

/// <summary>Numbers with as many digits as a picture needs: most of a page is numbers.</summary>
static class Rounding
{
    /// <summary>For positions and parameters.</summary>
    public const int Digits = 7;

    /// <summary>For curves and shares.</summary>
    public const int FewDigits = 5;

    /// <summary>The nearest number of so many significant decimal digits.</summary>
    public static double To(this double value, int digits) => double.IsFinite(value)
        ? double.Parse(value.ToString(string.Create(CultureInfo.InvariantCulture, $"G{digits}"), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : value;

    /// <summary>The same; null where it is not finite, which JSON does not know.</summary>
    public static double? Finite(this double value, int digits) => double.IsFinite(value) ? value.To(digits) : null;
}
