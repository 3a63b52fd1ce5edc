using Elbo.Cli;
using Elbo.Cli.Terminal;

using var interrupt = new Interrupt();
return await ElboTool.RunAsync(args, CliHost.OfProcess(), interrupt.Token);
