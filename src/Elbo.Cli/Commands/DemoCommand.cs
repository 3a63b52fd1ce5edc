using System.CommandLine;
using Elbo.Cli.Terminal;
namespace Elbo.Cli.Commands;
static class DemoCommand { public static Command Create(CliHost host) => new Verb("demo", host.ToString()!); }
