using System.CommandLine;
using System.CommandLine.Help;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Silo.CommandLine;

/// <summary>The command line as a whole: its verbs, and how each of them ends.</summary>
internal static class SiloApp
{
    private static readonly string[] OwnWords = ["--help", "-h", "-?", "/?", "--version"];

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">For what a person should know.</param>
    /// <param name="error">For errors.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        // The verb may be left out: `vaecluster-silo --standalone`.
        if (args.Count == 0 || (args[0].StartsWith('-') && !OwnWords.Contains(args[0]))) args = [RunCommand.Name, .. args];
        ParseResult parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            await error.WriteLineAsync($"error: {Describe(parsed)}; see '{ProgramName.Value} --help'");
            return ExitCodes.BadInput;
        }

        // SIGTERM and Ctrl-C cancel the verb's token; how long it then takes is for it to say.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromHours(1),
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("stopped");
            return ExitCodes.Done;
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync($"error: {fault.Message.ReplaceLineEndings(" ")}");
            return fault is BadInputException ? ExitCodes.BadInput : ExitCodes.Failed;
        }
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("A silo of a VaeCluster: trains runs together with the other silos of its cluster.")
        {
            RunCommand.Create(),
            MigrateCommand.Create(),
            HealthCommand.Create(),
            DoctorCommand.Create(),
        };
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
        IEnumerable<string> names = command.Subcommands.Select(verb => verb.Name).Concat(command.Options.Select(option => option.Name));
        return message + NearestName.Hint(unknown, names);
    }
}
