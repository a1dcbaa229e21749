using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Training.Service;

namespace VaeCluster.Cli.Commands;

/// <summary><c>submit</c>: hands a run to a server and follows it.</summary>
internal static class SubmitCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("RUNFILE") { Description = "The run file (YAML)." };
        Option<string> server = ServerOptions.Server(RemoteVerbs.DefaultServer);
        Option<string?> tokenFile = ServerOptions.TokenFile();
        Option<string[]> set = SharedOptions.Set();
        Option<int?> workers = SharedOptions.Optional(
            "--workers", "N", 1024, "Most workers that share a batch; by default all of a cluster, one of a server that trains by itself.");
        var detach = new Option<bool>("--detach") { Description = "Do not follow the run." };
        var verb = new Verb("submit", "Hand a run to a server and follow it; Ctrl-C leaves the run to itself.")
        {
            Examples = ["submit run.yaml", "submit run.yaml --server http://trainer:5080 --token-file token --set objective.beta=4 --workers 2 --detach"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[server, tokenFile, set, workers, detach]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(async () =>
        {
            string path = parsed.GetRequiredValue(file);
            var submission = new RunSubmission
            {
                RunFile = SpecSyntax.ReadFile(path),
                FileName = path,
                Folder = Path.GetDirectoryName(Path.GetFullPath(path)),
                Overrides = parsed.GetValue(set) ?? [],
                OverrideFolder = Environment.CurrentDirectory,
                Workers = parsed.GetValue(workers),
            };
            using RunClient client = RemoteVerbs.Connect(parsed, server, tokenFile);
            RunInfo run = await client.SubmitAsync(submission, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"submitted {run.Id}");
            var remote = new RemoteRun(client, output, parsed.InvocationConfiguration.Error);
            if (!parsed.GetValue(detach)) return remote.Follow(run, fromStep: 0, cancellation);
            output.WriteLine(remote.HowToFollow(run.Id));
            return ExitCodes.Done;
        }, CancellationToken.None));
        return verb;
    }
}
