using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>resume</c>: goes on where a run stopped, to the same weights.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        Option<int> workers = SharedOptions.Workers();
        Option<int?> threads = SharedOptions.Threads();
        Option<int> ranges = SharedOptions.Ranges();
        var verb = new Verb("resume", "Go on with a run from its newest whole checkpoint; a finished run stays as it is.")
        {
            Examples = ["resume runs/001-mnist-vae --workers 2"],
        };
        verb.Arguments.Add(folder);
        foreach (Option option in (Option[])[workers, threads, ranges]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetRequiredValue(folder);
            var request = new TrainingRequest(
                Path.Combine(path, "run.yaml"), parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges), parsed.InvocationConfiguration);
            return TrainingHost.Run(request, options => TrainingRun.PrepareResume(path, options), cancellation);
        }, CancellationToken.None));
        return verb;
    }
}
