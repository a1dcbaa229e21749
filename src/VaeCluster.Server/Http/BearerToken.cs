using VaeCluster.Core;

namespace VaeCluster.Server.Http;

/// <summary>Reads the token that callers of a server send, from a file or else from an environment variable.</summary>
public static class BearerToken
{
    /// <summary>The environment variable that may hold the token.</summary>
    public const string Variable = "VAECLUSTER_TOKEN";

    /// <summary>The fewest characters of a token.</summary>
    public const int Shortest = 16;

    /// <summary>The token from the file, or else from the variable; null if neither is given.</summary>
    /// <param name="file">The value of <c>--token-file</c>.</param>
    /// <exception cref="BadInputException">The file cannot be read, or holds no token.</exception>
    public static string? Read(string? file)
    {
        if (file is null)
        {
            string? variable = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(variable) ? null : Check(variable, Variable);
        }

        return ReadFile(file, "--token-file");
    }

    /// <summary>Reads the token in a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="BadInputException">The file cannot be read, or holds no token.</exception>
    public static string ReadFile(string file, string option)
    {
        try
        {
            return Check(File.ReadAllText(file), file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException(option, null, file, $"a readable file ({fault.Message})", fault);
        }
    }

    // Names no part of the token: the message is logged.
    private static string Check(string text, string where)
    {
        string token = text.Trim();
        if (token.Length == 0 || !token.All(c => c is > ' ' and <= '~'))
            throw new BadInputException(where, null, null, "must hold a token: one word of printable ASCII");
        return token.Length >= Shortest ? token : throw new BadInputException(where, null, null,
            $"must hold a token of at least {Shortest} characters, since a shorter one can be guessed; `openssl rand -hex 32` makes one");
    }
}
