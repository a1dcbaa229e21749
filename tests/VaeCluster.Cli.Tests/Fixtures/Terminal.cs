using VaeCluster.Cli.CommandLine;

namespace VaeCluster.Cli.Tests.Fixtures;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal sealed record Terminal(int Code, string Output, string Error)
{
    internal static async Task<Terminal> RunAsync(params string[] args) => await RunAsync(CancellationToken.None, args);

    internal static async Task<Terminal> RunAsync(CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await VaeClusterApp.RunAsync(args, output, error, cancellation);
        return new Terminal(code, output.ToString(), error.ToString());
    }
}
