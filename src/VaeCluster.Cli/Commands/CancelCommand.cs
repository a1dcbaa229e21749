using System.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.CommandLine;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Cli.Commands;

/// <summary><c>cancel</c>: stops a run or a sweep on a server, with checkpoints.</summary>
internal static class CancelCommand
{
    internal static Command Create()
    {
        Argument<string> id = ServerOptions.Run();
        Option<string> server = ServerOptions.Server(RemoteVerbs.DefaultServer);
        Option<string?> tokenFile = ServerOptions.TokenFile();
        var verb = new Verb("cancel", "Stop a run or a sweep on a server; it writes checkpoints and can be resumed.")
        {
            Examples = ["cancel 001-mnist-vae"],
        };
        verb.Arguments.Add(id);
        verb.Options.Add(server);
        verb.Options.Add(tokenFile);
        verb.SetAction(async (parsed, cancellation) =>
        {
            using RunClient client = RemoteVerbs.Connect(parsed, server, tokenFile);
            if (await client.FindSweepAsync(parsed.GetRequiredValue(id), cancellation) is { } known)
            {
                SweepInfo sweep = await client.TellSweepAsync(known.Id, "cancel", cancellation);
                parsed.InvocationConfiguration.Output.WriteLine(
                    $"{sweep.Id} {(sweep.State == SweepState.Stopping ? "stops after its trials' steps" : "is stopped")}; resume with: {ProgramName.Value} resume {sweep.Id} --server {client.Server}");
                return ExitCodes.Done;
            }

            RunInfo run = await client.CancelAsync(parsed.GetRequiredValue(id), cancellation);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{run.Id} {(run.State == RunState.Stopping ? "stops after its step" : "is stopped")}; resume with: {ProgramName.Value} resume {run.Id} --server {client.Server}");
            return ExitCodes.Done;
        });
        return verb;
    }
}
