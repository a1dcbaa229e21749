using System.CommandLine;
using System.CommandLine.Help;
using VaeCluster.Cli.Commands;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Cli.CommandLine;

/// <summary>The command line as a whole: its verbs, and how every one of them ends.</summary>
internal static class VaeClusterApp
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error comes from.", Recursive = true };

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For errors and notices.</param>
    /// <param name="cancellation">Stops the verb, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        RootCommand root = CreateRoot();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            await error.WriteLineAsync($"error: {Describe(parsed)}; see '{ProgramName.Value}{NameOf(parsed)} --help'");
            return ExitCodes.BadInput;
        }

        // The library would print a stack trace; Ctrl-C cancels the verb's token and leaves it time to write a checkpoint.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception exception)
        {
            return Report(exception, error, parsed.GetValue(Verbose));
        }
    }

    private static int Report(Exception exception, TextWriter error, bool verbose)
    {
        if (exception is OperationCanceledException)
        {
            error.WriteLine("stopped");
            return ExitCodes.Stopped;
        }

        Exception cause = exception is AggregateException { InnerExceptions: [var only] } ? only : exception;
        error.WriteLine($"error: {cause.Message.ReplaceLineEndings(" ")}");
        if (verbose) error.WriteLine(cause);
        return cause is BadInputException ? ExitCodes.BadInput : ExitCodes.Failed;
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Trains variational auto-encoders, data-parallel, with the same weights for any number of workers.")
        {
            QuickstartCommand.Create(),
            TrainCommand.Create(),
            ResumeCommand.Create(),
            SweepCommand.Create(),
            EvaluateCommand.Create(),
            SampleCommand.Create(),
            ReconstructCommand.Create(),
            TraverseCommand.Create(),
            InterpolateCommand.Create(),
            ManifoldCommand.Create(),
            EncodeCommand.Create(),
            ExportCommand.Create(),
            ReportCommand.Create(),
            DataCommand.Create(),
            BenchCommand.Create(),
            ServeCommand.Create(),
            SubmitCommand.Create(),
            StatusCommand.Create(),
            CancelCommand.Create(),
            DoctorCommand.Create(),
        };
        root.Options.Add(Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.SetAction(parsed => help.Action is HelpWithExamples action ? action.Invoke(parsed) : ExitCodes.Done);
        return root;
    }

    private static string Describe(ParseResult parsed)
    {
        string message = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        if (parsed.UnmatchedTokens is not [var unknown, ..]) return message;
        Command command = parsed.CommandResult.Command;
        return message + NearestName.Hint(unknown, command.Subcommands.Select(verb => verb.Name).Concat(command.Options.Select(option => option.Name)));
    }

    private static string NameOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var command = parsed.CommandResult; command?.Parent is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(command.Command.Name);
        return string.Concat(names.Select(name => " " + name));
    }
}
