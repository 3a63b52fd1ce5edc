// bench/cluster efficiency | faults [TRIALS [ONLY]]: only the faults that have these words
using System.Globalization;
using Cluster;

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, .NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
if (args is ["faults", ..]) await Faults.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30, args.Length > 2 ? args[2] : "");
else await Efficiency.RunAsync();
