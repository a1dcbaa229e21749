using System.CommandLine;
using VaeCluster.Core;

namespace VaeCluster.Cli.Remote;

/// <summary>The options of every verb that deals with a server.</summary>
internal static class ServerOptions
{
    /// <summary>The variable that may hold the token.</summary>
    internal const string TokenVariable = "VAECLUSTER_TOKEN";

    internal static Option<string> Server(string standard) => new("--server")
    {
        Description = "Address of the server.",
        HelpName = "URL",
        DefaultValueFactory = _ => standard,
    };

    internal static Option<string?> TokenFile() =>
        new("--token-file") { Description = $"File with the server's token; without it the variable {TokenVariable}.", HelpName = "FILE" };

    internal static Argument<string> Run() => new("RUN") { Description = "Id of a run on the server, for example 001-mnist-vae." };

    /// <summary>The token: the file's, else the variable's; null: neither is given.</summary>
    /// <param name="file">The value of <c>--token-file</c>.</param>
    /// <exception cref="BadInputException">The file cannot be read, or there is no token in it.</exception>
    internal static string? ReadToken(string? file)
    {
        if (file is null)
        {
            string? variable = Environment.GetEnvironmentVariable(TokenVariable);
            return string.IsNullOrEmpty(variable) ? null : Check(variable, TokenVariable);
        }

        try
        {
            return Check(File.ReadAllText(file), file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException("--token-file", null, file, $"a file that can be read ({fault.Message})", fault);
        }
    }

    private static string Check(string text, string where)
    {
        string token = text.Trim();
        bool fits = token.Length > 0 && token.All(c => c is > ' ' and <= '~');
        return fits ? token : throw new BadInputException(where, null, null, "a token is one word of printable ASCII");
    }
}
