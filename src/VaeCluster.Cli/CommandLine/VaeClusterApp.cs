using System.CommandLine;
using VaeCluster.Cli.Commands;
using VaeCluster.CommandLine;

namespace VaeCluster.Cli.CommandLine;

/// <summary>The command line of <c>vaecluster</c>.</summary>
internal static class VaeClusterApp
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error comes from.", Recursive = true };

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For errors and notices.</param>
    /// <param name="cancellation">Stops the verb, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error,
        CancellationToken cancellation = default) =>
        new CommandLineApp(CreateRoot()) { Verbose = Verbose }.RunAsync(args, output, error, cancellation);

    /// <summary>The program with all its verbs.</summary>
    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Trains variational auto-encoders, data-parallel, with the same weights for any number of workers.")
        {
            QuickstartCommand.Create(),
            TrainCommand.Create(),
            ResumeCommand.Create(),
            SweepCommand.Create(),
            RunsCommand.Create(),
            EvaluateCommand.Create(),
            SampleCommand.Create(),
            ReconstructCommand.Create(),
            TraverseCommand.Create(),
            InterpolateCommand.Create(),
            ManifoldCommand.Create(),
            EncodeCommand.Create(),
            ExportCommand.Create(),
            ReportCommand.Create(),
            ModelsCommand.Create(),
            DataCommand.Create(),
            BenchCommand.Create(),
            ServeCommand.Create(),
            SubmitCommand.Create(),
            StatusCommand.Create(),
            CancelCommand.Create(),
            SiloCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Options.Add(Verbose);
        return root;
    }
}
