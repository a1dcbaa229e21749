using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>micro</c>: BenchmarkDotNet benchmarks of the parts of a step.</summary>
internal static class MicroMode
{
    internal static Command Create()
    {
        var rest = new Argument<string[]>("OPTIONS")
        {
            Description = "BenchmarkDotNet options after --, such as: micro -- --filter *Update*",
        };
        var command = new Command("micro", "Run BenchmarkDotNet on the parts of a step.") { rest };
        command.SetAction(parsed =>
        {
            // In this process, because the code is already built, and separate projects would need a restore for each benchmark.
            IConfig config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
            string[] options = parsed.GetValue(rest) ?? [];
            BenchmarkSwitcher.FromAssembly(typeof(MicroMode).Assembly).Run(options.Length == 0 ? ["--filter", "*"] : options, config);
        });
        return command;
    }
}
