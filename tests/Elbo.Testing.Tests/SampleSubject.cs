using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Testing.Tests;

/// <summary>A model whose observations are an array, as the samples are: model and E-step in one type.</summary>
sealed class SampleSubject<TRow, TParameters, TModel>(TModel model, TRow[] rows, Func<TRow, double, TRow> weigh, Func<Philox, TParameters> start) : ModelSubject<ReadOnlySpan<TRow>, TParameters, DenseStatistics>
    where TParameters : class, ITensors<TParameters>
    where TModel : IModel<TParameters, DenseStatistics>, IEStep<ReadOnlySpan<TRow>, TParameters, DenseStatistics>
{
    public override string Name => typeof(TModel).Name;

    public override IModel<TParameters, DenseStatistics> Model => model;

    public override IEStep<ReadOnlySpan<TRow>, TParameters, DenseStatistics> CreateEStep() => model;

    public override IObservations<ReadOnlySpan<TRow>> Open() => new Rows(rows, weigh);

    public override TParameters CreateStart(ulong seed) => start(Philox.ForStream(seed, 0));

    sealed class Rows(TRow[] rows, Func<TRow, double, TRow> weigh) : IObservations<ReadOnlySpan<TRow>>
    {
        public int Count => rows.Length;

        public ReadOnlySpan<TRow> Read(int first, int count, ReadOnlyMemory<double> weights) =>
            weights.IsEmpty ? rows.AsSpan(first, count) : rows[first..(first + count)].Select((row, i) => weigh(row, weights.Span[i])).ToArray();
    }
}
