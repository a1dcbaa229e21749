using System.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Server.Http;
namespace VaeCluster.Cli.Commands;

/// <summary>What the verbs that deal with a server have in common.</summary>
internal static class RemoteVerbs
{
    /// <summary>Where <c>serve</c> listens unless told otherwise.</summary>
    internal const string DefaultServer = "http://127.0.0.1:5080";

    /// <summary>A client for the server that the command line names.</summary>
    internal static RunClient Connect(ParseResult parsed, Option<string> server, Option<string?> tokenFile) =>
        new(parsed.GetRequiredValue(server), BearerToken.Read(parsed.GetValue(tokenFile)), TimeProvider.System);
}
