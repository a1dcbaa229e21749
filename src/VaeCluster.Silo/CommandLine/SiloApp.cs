using System.CommandLine;
using VaeCluster.CommandLine;

namespace VaeCluster.Silo.CommandLine;

/// <summary>The command line of a silo.</summary>
internal static class SiloApp
{
    private const string EnvironmentNote = "Every option can come from the environment: --silo-port from VAECLUSTER_SILO_PORT, and so on.";

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">For results and notices.</param>
    /// <param name="error">For errors.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        // A silo that is told to stop exits successfully; --grace, not the command line's own timeout, limits how long its work may take to
        // move.
        var app = new CommandLineApp(CreateRoot(), EnvironmentNote)
        {
            DefaultVerb = RunCommand.Name,
            CodeWhenStopped = ExitCodes.Done,
            StopTimeout = TimeSpan.FromHours(1),
        };
        return app.RunAsync(args, output, error);
    }

    /// <summary>The program with all its verbs.</summary>
    internal static RootCommand CreateRoot() => new("A silo of a VaeCluster: trains runs together with the other silos of its cluster.")
    {
        RunCommand.Create(),
        MigrateCommand.Create(),
        HealthCommand.Create(),
        DoctorCommand.Create(),
    };
}
