using Xunit.Sdk;
using Xunit.v3;

// Each test has processes of its own, and a frozen one is told from a slow one by time.
[assembly: Parallelization(Mode = ParallelMode.None)]
