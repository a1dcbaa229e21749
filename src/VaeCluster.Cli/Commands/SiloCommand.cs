using VaeCluster.CommandLine;
using VaeCluster.Core;

namespace VaeCluster.Cli.Commands;

/// <summary><c>silo</c>: a member of a cluster is a program of its own, which the launcher of a clone starts before this one.</summary>
internal static class SiloCommand
{
    private const string HowToStart =
        "a silo is a program of its own: start it with './vaecluster silo' in a clone, or with 'dotnet vaecluster-silo.dll' where it is installed";

    internal static Verb Create()
    {
        var verb = new Verb("silo",
            "Join or start a cluster of several machines or processes: a silo trains runs together with the others.")
        {
            Examples = ["silo --help", "silo --standalone --data data"],
            Notes = $"Note: {HowToStart}.",
        };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(int (_) => throw new BadInputException("silo", null, null, HowToStart));
        return verb;
    }
}
