using Elbo.Reports.Pages;
using ScottPlot;

namespace Elbo.Reports.Explain;

/// <summary>Stills of the figures.</summary>
static class Stills
{
    const int Shades = 20;

    /// <summary>A name and an SVG for each figure.</summary>
    public static IEnumerable<(string Name, byte[] Svg)> Draw(ExplainPage page) =>
        [("jensen", Jensen(page.Jensen)), ("decomposition", Decomposition(page.Decomposition)), ("bound", Bound(page.Bound)), ("lda", Topics(page.Topics))];

    static byte[] Jensen(JensenEntry entry)
    {
        var jensen = new Jensen(entry.First, entry.Second, entry.Weight);
        Plot plot = Drawing.Plot("Jensen's inequality: f(x) = exp(−(x − 2)²)", "x", "");
        var concave = plot.Add.HorizontalSpan(2 - entry.Radius, 2 + entry.Radius);
        concave.FillColor = Drawing.Concave.WithOpacity(0.12);
        concave.LineWidth = 0;
        double[] x = [.. Enumerable.Range(0, 201).Select(i => i * 0.02)];
        plot.Curve(x, [.. x.Select(Explain.Jensen.Of)], Drawing.Bound, 3);
        plot.Curve([jensen.First, jensen.Second], [Explain.Jensen.Of(jensen.First), Explain.Jensen.Of(jensen.Second)], Drawing.Divergence, 3);
        plot.Curve([jensen.Mean, jensen.Mean], [jensen.Secant, jensen.Curve], Drawing.Quiet);
        foreach ((string name, double at, Alignment side) in (ReadOnlySpan<(string, double, Alignment)>)[("v₁", jensen.First, Alignment.LowerRight), ("v₂", jensen.Second, Alignment.LowerLeft)])
        {
            plot.Add.Marker(at, Explain.Jensen.Of(at), MarkerShape.FilledCircle, 10, Drawing.Ink);
            plot.Write($"{name} = {Drawing.Number(at, 1)}", at, Explain.Jensen.Of(at), Drawing.Ink, side);
        }
        plot.Add.Marker(jensen.Mean, jensen.Secant, MarkerShape.FilledSquare, 10, Drawing.Divergence);
        plot.Add.Marker(jensen.Mean, jensen.Curve, MarkerShape.FilledDiamond, 12, Drawing.Bound);
        plot.Write($"E[f(v)] = {Drawing.Number(jensen.Secant, 4)}", jensen.Mean, jensen.Secant - 0.02, Drawing.Divergence, Alignment.UpperLeft);
        plot.Write($"f(E[v]) = {Drawing.Number(jensen.Curve, 4)}", jensen.Mean, jensen.Curve + 0.01, Drawing.Bound, Alignment.LowerCenter);
        plot.Write("f concave", 2, 0, Drawing.Concave, Alignment.LowerCenter);
        plot.Write("v₁ lies where f is not concave:\nthe inequality holds, but\nnothing here promised it", 0.05, 1.08, Drawing.Quiet, Alignment.UpperLeft);
        plot.Axes.SetLimits(0, 4, 0, 1.1);
        return Drawing.Svg("Jensen's inequality on a curve that is concave in its middle", 720, 420, (plot, new PixelRect(0, 720, 420, 0)));
    }

    /// <summary>The iteration whose bars show most: in which the smaller of KL before the E-step and KL after the M-step is largest.</summary>
    internal static int Iteration(DecompositionEntry fit) =>
        Enumerable.Range(1, fit.Parameters.Count - 1).MaxBy(t => Math.Min(fit.Steps[2 * t - 2].Divergence, fit.Steps[2 * t].Divergence));

    static byte[] Decomposition(DecompositionEntry fit)
    {
        const int Width = 990, Top = 330, Height = 680, Column = Width / 3;
        int t = Iteration(fit);
        HalfStepEntry[] steps = [fit.Steps[2 * t - 2], fit.Steps[2 * t - 1], fit.Steps[2 * t]];
        string[] titles = [$"before iteration {t}", "E-step: q becomes p(Z|X, θ)", "M-step: θ to the top of the ELBO"];
        return Drawing.Svg("log p(X|θ) = ELBO + KL before an iteration of EM, after its E-step and after its M-step", Width, Height,
            (Data(fit, steps[0], titles[0]), new PixelRect(0, Column, Top, 0)),
            (Data(fit, steps[1], titles[1]), new PixelRect(Column, 2 * Column, Top, 0)),
            (Data(fit, steps[2], titles[2]), new PixelRect(2 * Column, Width, Top, 0)),
            (Bars(steps), new PixelRect(0, Width, Height, Top)));
    }

    static Plot Data(DecompositionEntry fit, HalfStepEntry step, string title)
    {
        Plot plot = Drawing.Plot(title, $"{fit.Columns[0]} (minutes)", $"{fit.Columns[1]} (minutes)");
        double[] q = fit.Responsibilities[step.Q];
        foreach (IGrouping<double, int> shade in Enumerable.Range(0, q.Length).GroupBy(row => Math.Round(q[row] * Shades) / Shades).OrderBy(group => group.Key))
            plot.Add.Markers(shade.Select(row => fit.First[row]).ToArray(), shade.Select(row => fit.Second[row]).ToArray(), MarkerShape.FilledCircle, 5, Drawing.Second.MixedWith(Drawing.First, shade.Key));
        GaussianPair theta = fit.Parameters[step.Theta];
        for (int k = 0; k < theta.Weights.Length; k++)
        {
            plot.Curve(theta.Ellipses[k][0], theta.Ellipses[k][1], k == 0 ? Drawing.First : Drawing.Second, 2.5f);
            plot.Add.Marker(theta.Means[k][0], theta.Means[k][1], MarkerShape.Cross, 14, Drawing.Ink);
        }
        plot.Axes.SetLimits(0.9, 5.9, 34, 104);
        plot.Layout.Fixed(new PixelPadding(58, 8, 46, 34));
        return plot;
    }

    static Plot Bars(ReadOnlySpan<HalfStepEntry> steps)
    {
        const double Half = 0.17;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (HalfStepEntry step in steps) (low, high) = (Math.Min(low, step.Elbo), Math.Max(high, step.LogEvidence));
        double begin = low - 0.45 * (high - low);
        Plot plot = Drawing.Plot("", "", $"nats; the axis begins at {Drawing.Number(begin, 1)}");
        for (int i = 0; i < steps.Length; i++)
        {
            HalfStepEntry step = steps[i];
            plot.Box(i - Half, i + Half, begin, step.Elbo, Drawing.Bound);
            plot.Write($"ELBO\n{Drawing.Number(step.Elbo, 2)}", i, (begin + step.Elbo) / 2, Colors.White, Alignment.MiddleCenter, 13);
            if (step.LogEvidence > step.Elbo) plot.Box(i - Half, i + Half, step.Elbo, step.LogEvidence, Drawing.Divergence);
            plot.Write($"KL = {Drawing.Number(Math.Abs(step.Divergence), 2)}", i + Half + 0.02, step.LogEvidence - 0.01 * (high - begin), Drawing.Divergence, Alignment.UpperLeft, 13);
            plot.Curve([i - 0.3, i + 0.3], [step.LogEvidence, step.LogEvidence], Drawing.Ink, 3);
            plot.Write($"log p(X|θ) = {Drawing.Number(step.LogEvidence, 2)}", i, step.LogEvidence, Drawing.Ink, Alignment.LowerCenter, 13);
        }
        plot.Write($"log p stays,\nELBO rises by {Drawing.Number(steps[1].Elbo - steps[0].Elbo, 2)}", 0.5, begin + 0.02 * (high - begin), Drawing.Quiet, Alignment.LowerCenter);
        plot.Write($"ELBO rises by {Drawing.Number(steps[2].Elbo - steps[1].Elbo, 2)},\nlog p by {Drawing.Number(steps[2].LogEvidence - steps[1].LogEvidence, 2)}", 1.5, begin + 0.02 * (high - begin), Drawing.Quiet, Alignment.LowerCenter);
        plot.Axes.SetLimits(-0.5, 2.5, begin, high + 0.2 * (high - begin));
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = value => Drawing.Number(value, 0) };
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(80, 8, 14, 6));
        return plot;
    }

    static byte[] Bound(BoundEntry entry)
    {
        int chosen = entry.Bounds.Select((bound, i) => (Rise: bound.NextEvidence - bound.Touch, Index: i)).MaxBy(pair => pair.Rise).Index;
        TouchingBound bound = entry.Bounds[chosen];
        Plot plot = Drawing.Plot("The bound touches the evidence, and its top is the next θ", "μ₁ (minutes)", "nats");
        double high = entry.LogEvidence.Max(), low = bound.Touch, room = 0.12 * (high - low);
        plot.Curve(entry.Grid, entry.LogEvidence, Drawing.Ink, 3).LegendText = "log p(X|θ)";
        plot.Curve(entry.Grid, bound.Elbo, Drawing.Bound, 2.5f).LegendText = $"ELBO of q, iteration {bound.Iteration}";
        if (chosen + 1 < entry.Bounds.Count) plot.Curve(entry.Grid, entry.Bounds[chosen + 1].Elbo, Drawing.Concave, 2.5f).LegendText = $"ELBO of q, iteration {bound.Iteration + 1}";
        plot.Curve([bound.Next, bound.Next], [bound.Height, bound.NextEvidence], Drawing.Divergence, 4).LegendText = $"KL after the M-step: {Drawing.Number(bound.NextEvidence - bound.Height, 2)} nats";
        plot.Add.Marker(bound.At, bound.Touch, MarkerShape.FilledCircle, 11, Drawing.Ink);
        plot.Add.Marker(bound.Next, bound.Height, MarkerShape.FilledDiamond, 12, Drawing.Bound);
        plot.Add.Marker(bound.Next, bound.NextEvidence, MarkerShape.FilledCircle, 11, Drawing.Ink);
        plot.Write($"μ₁ = {Drawing.Number(bound.At, 2)}", bound.At + 0.6, bound.Touch, Drawing.Ink, Alignment.LowerLeft);
        plot.Write($"μ₁ = {Drawing.Number(bound.Next, 2)}", bound.Next + 0.6, bound.NextEvidence, Drawing.Ink, Alignment.LowerLeft);
        plot.Axes.SetLimits(entry.Grid[0], entry.Grid[^1], low - room, high + room);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = value => Drawing.Number(value, 0) };
        plot.ShowLegend(Alignment.UpperRight);
        plot.Legend.ShadowColor = Colors.Transparent;
        return Drawing.Svg("log p(X|θ) along one mean, and the ELBO that touches it", 720, 460, (plot, new PixelRect(0, 720, 460, 0)));
    }

    static byte[] Topics(TinyTopicsEntry figure)
    {
        const int Width = 990, Height = 400;
        int chosen = Enumerable.Range(0, figure.Documents.Count).MaxBy(i => figure.Documents[i].Divergence);
        TinyDocumentEntry document = figure.Documents[chosen];
        Plot gaps = Drawing.Plot("what mean field gives away (dots: by annealing, ± 2 s.e.)", "document", "KL = log p(w|α, β) − ELBO (nats)");
        for (int i = 0; i < figure.Documents.Count; i++)
        {
            TinyDocumentEntry own = figure.Documents[i];
            double estimate = own.Annealed - own.Elbo, reach = 2 * own.StandardError;
            gaps.Box(i + 0.65, i + 1.35, 0, own.Divergence, Drawing.Divergence);
            gaps.Write(Drawing.Number(own.Divergence, 2), i + 1, 0, Colors.White, Alignment.LowerCenter, 11);
            gaps.Curve([i + 1, i + 1], [estimate - reach, estimate + reach], Drawing.Ink);
            gaps.Add.Marker(i + 1, estimate, MarkerShape.FilledCircle, 7, Drawing.Ink);
        }
        gaps.Axes.SetLimits(0.3, figure.Documents.Count + 0.7, 0, 1.2 * document.Divergence);

        Plot shares = Drawing.Plot($"document {chosen + 1}: {document.Words}", "", "E[ϑ|w]");
        (string Name, double[] Values, Color Color)[] kinds = [("exact", document.Exact, Drawing.Ink), ("mean field", document.MeanField, Drawing.First), ("CVB0", document.Collapsed, Drawing.Second)];
        for (int kind = 0; kind < kinds.Length; kind++)
            for (int k = 0; k < figure.Names.Count; k++)
            {
                double at = k + 0.27 * (kind - 1), share = kinds[kind].Values[k];
                shares.Box(at - 0.12, at + 0.12, 0, share, kinds[kind].Color);
                shares.Write(Drawing.Number(share, 2), at, share, Drawing.Ink, Alignment.LowerCenter, 10);
            }
        shares.Axes.Bottom.SetTicks([.. Enumerable.Range(0, figure.Names.Count).Select(k => (double)k)], [.. figure.Names]);
        shares.Axes.SetLimits(-0.6, figure.Names.Count - 0.4, 0, 1);
        shares.ShowLegend([.. kinds.Select(kind => new LegendItem { LabelText = kind.Name, FillColor = kind.Color })], Alignment.UpperRight);
        shares.Legend.ShadowColor = Colors.Transparent;
        return Drawing.Svg("LDA on documents so short that the posterior can be summed", Width, Height, (gaps, new PixelRect(0, Width / 2, Height, 0)), (shares, new PixelRect(Width / 2, Width, Height, 0)));
    }
}
