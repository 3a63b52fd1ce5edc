namespace Elbo.Reports.Explain;
static class Stills { public static IEnumerable<(string, byte[])> Draw(ExplainPage page) { yield break; } }
