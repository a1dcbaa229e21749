using System.CommandLine;
using VaeCluster.CommandLine;
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
        new Option<string?>("--token-file")
        {
            Description = $"File with the server's token; by default the variable {BearerToken.Variable}.",
            HelpName = "FILE",
        }.WithFiles();

    internal static Argument<string> Run() => new("RUN") { Description = "Id of a run on the server, for example 001-mnist-vae." };
}
