using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>micro</c>: BenchmarkDotNet over the pieces of a step.</summary>
internal static class MicroMode
{
    internal static Command Create()
    {
        var rest = new Argument<string[]>("OPTIONS") { Description = "BenchmarkDotNet's own, after --, for example: micro -- --filter *Update*" };
        var command = new Command("micro", "BenchmarkDotNet over the pieces of a step.") { rest };
        command.SetAction(parsed =>
        {
            // In this process: what is measured is built already, and no project has to be restored for each benchmark.
            IConfig config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
            string[] options = parsed.GetValue(rest) ?? [];
            BenchmarkSwitcher.FromAssembly(typeof(MicroMode).Assembly).Run(options.Length == 0 ? ["--filter", "*"] : options, config);
        });
        return command;
    }
}
