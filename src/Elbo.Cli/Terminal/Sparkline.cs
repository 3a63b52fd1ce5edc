namespace Elbo.Cli.Terminal;

/// <summary>A curve in one line of text.</summary>
static class Sparkline
{
    const string Bars = "▁▂▃▄▅▆▇█";

    // The first passes rise so far that all others would be one flat line: they may lie below the picture.
    const int LeadingPart = 8;

    /// <summary>The curve of values that mostly rise, thinned to a width. The picture begins after the first eighth; what is below it gets the lowest bar.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        int count = Math.Min(values.Count, width);
        if (count == 0) return "";
        double low = values[values.Count / LeadingPart], range = values.Max() - low;
        return string.Create(count, (values, low, range), static (bars, state) =>
        {
            for (int i = 0; i < bars.Length; i++)
            {
                // The last value always shows: it is the one that people wait for.
                double value = state.values[bars.Length == 1 ? ^1 : (int)((long)i * (state.values.Count - 1) / (bars.Length - 1))];
                bars[i] = Bars[state.range > 0 ? (int)Math.Round(Math.Max(0, value - state.low) / state.range * (Bars.Length - 1)) : 0];
            }
        });
    }
}
