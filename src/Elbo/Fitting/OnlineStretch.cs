using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>Online EM through a table, before EM itself: a record for every pass, whose bound is that of the batches, each at the parameters that met it.</summary>
sealed class OnlineStretch<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> structure, ObservationTable table, FitOptions options, OnlineOptions steps)
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    const ulong OrderStream = 0x0411;

    readonly TableUnits _units = structure.UnitsOf(table);

    public async Task<TParameters> RunAsync(TParameters start, int number, int attempt, Action<Iteration> report, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        var model = new OnlineModel<TParameters, TStatistics>(structure.Model, start, steps);
        Philox random = Philox.ForStream(options.Seed, (ulong)number << 32 | (ulong)attempt << 16 | OrderStream);
        // What weighs nothing says nothing.
        int[] order = [.. Enumerable.Range(0, _units.Count).Where(unit => _units.WeightOf(unit) > 0)];
        for (int pass = 0; pass < steps.Passes; pass++)
        {
            random.Shuffle<int>(order);
            double joint = 0, entropy = 0, magnitude = 0;
            double? evidence = 0;
            foreach (int[] batch in Batches(order))
            {
                ObservationTable rows = _units.Take(batch);
                var executor = new LocalExecutor<ObservationBatch, TParameters, TStatistics>(structure.Cut(rows), structure.Model, structure.CreateEStep(options.Hard), options.Threads);
                EStepResult<TStatistics> expected = await executor.ExpectAsync(model.Parameters, cancellationToken).ConfigureAwait(false);
                joint += expected.Bound.ExpectedLogJoint;
                entropy += expected.Bound.Entropy;
                magnitude += expected.Magnitude;
                evidence += expected.Bound.LogEvidence;
                model.Update(expected.Statistics, table.TotalWeight / rows.TotalWeight);
            }
            Certificate.CheckNumber(pass, EmStep.Expectation, "expected log joint", joint);
            double globalBound = structure.Model.GlobalBound(model.Parameters);
            report(new Iteration
            {
                Number = pass,
                Segment = "online",
                Guarantee = Guarantee.None,
                Move = pass == 0 ? Move.Start : Move.Map,
                Own = new HalfStep(joint, entropy, globalBound, evidence),
                Terms = default,
                Scale = magnitude + Math.Abs(globalBound) + 1,
                Elapsed = options.TimeProvider.GetElapsedTime(began),
            });
        }
        return model.Parameters;
    }

    /// <summary>Units of about as many rows each as are asked for; what is left at the end joins the last batch, so that none is much smaller.</summary>
    IEnumerable<int[]> Batches(int[] order)
    {
        int rows = 0, left = order.Sum(_units.RowsOf), first = 0;
        for (int i = 0; i < order.Length; i++)
        {
            rows += _units.RowsOf(order[i]);
            left -= _units.RowsOf(order[i]);
            if (i < order.Length - 1 && (rows < steps.BatchSize || left < steps.BatchSize)) continue;
            yield return order[first..(i + 1)];
            (first, rows) = (i + 1, 0);
        }
    }
}
