using System.Globalization;

namespace Elbo.Reports.Fits;

/// <summary>Numbers for people, in the invariant culture. For programs there is JSON, with all digits.</summary>
static class Numbers
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Nats(double value) => value.ToString("N2", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>All digits, with a sign that programs understand: people copy such numbers.</summary>
    public static string Full(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string PerToken(double value) => value.ToString("F4", CultureInfo.InvariantCulture).Replace('-', '−');

    public static string Change(double value) => value > 0 ? "+" + Nats(value) : Nats(value);

    public static string Share(double value) => value.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    public static string Probability(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    public static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−');

    public static string Time(TimeSpan time) => time.TotalSeconds < 60
        ? time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s"
        : time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);

    public static string Plural(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";
}
