using System.Diagnostics.Metrics;

namespace Elbo.Orleans.Hosting;

/// <summary>What can be measured from outside, by the meter <c>Elbo.Orleans</c>.</summary>
static class Instruments
{
    static readonly Meter _meter = new("Elbo.Orleans");

    public static readonly Counter<long> Shards = _meter.CreateCounter<long>("elbo.shards", "{shard}", "Shards whose E-step this worker has done.");

    public static readonly Counter<long> BytesSent = _meter.CreateCounter<long>("elbo.parameters.sent", "By", "Bytes of parameters that executors here have sent to workers.");

    public static readonly Counter<long> BytesReceived = _meter.CreateCounter<long>("elbo.statistics.received", "By", "Bytes of statistics that executors here have received from workers.");

    public static readonly Counter<long> WorkersLost = _meter.CreateCounter<long>("elbo.workers.lost", "{worker}", "How often an executor here went on without a worker that did not answer.");

    public static readonly Histogram<double> StepSeconds = _meter.CreateHistogram<double>("elbo.e_step.duration", "s", "Time of an E-step over all the data.");
}
