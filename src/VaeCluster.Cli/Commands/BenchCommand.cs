using System.CommandLine;
using VaeCluster.Cli.Benchmarks;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;

namespace VaeCluster.Cli.Commands;

/// <summary><c>bench</c>: measures how fast this machine trains.</summary>
internal static class BenchCommand
{
    private const int StandardSeconds = 20;

    internal static Command Create()
    {
        Option<int?> threads = SharedOptions.Optional("--threads", "T", 1024, "Most threads to use; by default one per core.");
        Option<int> seconds = SharedOptions.Count("--seconds", "S", StandardSeconds, 3600,
            "About how long to measure; longer is steadier.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of tables." };
        var verb = new Verb("bench",
            "Measure this machine: matrix products, and the training step of two models from one thread to all cores.")
        {
            Examples = ["bench", "bench --threads 4 --seconds 60 --json"],
        };
        foreach (Option option in (Option[])[threads, seconds, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            var bench = new MachineBench(parsed.GetValue(threads) ?? Environment.ProcessorCount,
                TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            BenchResult answer = bench.Run(cancellation);
            console.Output.WriteLine(parsed.GetValue(json) ? answer.ToJson() : answer.ToText());
            return ExitCodes.Done;
        }, CancellationToken.None));
        return verb;
    }
}
