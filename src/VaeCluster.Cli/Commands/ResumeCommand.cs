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
        var verb = new Verb("resume", "Go on with a run from its newest whole checkpoint; a finished run stays as it is.")
        {
            Examples = ["resume runs/001-mnist-vae --workers 2"],
        };
        verb.Arguments.Add(folder);
        verb.Options.Add(workers);
        verb.Options.Add(threads);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var request = new TrainingRequest(parsed.GetValue(workers), parsed.GetValue(threads), parsed.InvocationConfiguration);
            return TrainingHost.Run(request, options => TrainingRun.PrepareResume(parsed.GetRequiredValue(folder), options), cancellation);
        }, CancellationToken.None));
        return verb;
    }
}
