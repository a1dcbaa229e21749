using System.CommandLine;
using VaeCluster.Server.Http;

namespace VaeCluster.Cli.Remote;

/// <summary>The options of every verb that deals with a server.</summary>
internal static class ServerOptions
{
    internal static Option<string> Server(string standard) => new("--server")
    {
        Description = "Address of the server.",
        HelpName = "URL",
        DefaultValueFactory = _ => standard,
    };

    internal static Option<string?> TokenFile() =>
        new("--token-file") { Description = $"File with the server's token; without it the variable {BearerToken.Variable}.", HelpName = "FILE" };

    internal static Argument<string> Run() => new("RUN") { Description = "Id of a run on the server, for example 001-mnist-vae." };
}
