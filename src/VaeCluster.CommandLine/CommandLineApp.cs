using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using VaeCluster.Core;

namespace VaeCluster.CommandLine;

/// <summary>A program's command line: help with examples, completions, errors of one line, and the exit codes of every verb.</summary>
public sealed class CommandLineApp
{
    private readonly RootCommand _root;

    /// <summary>Adds examples to the help of every verb; without a verb the program prints its help.</summary>
    /// <param name="root">The program with its verbs.</param>
    /// <param name="helpNote">A line in the help of every verb that has examples; null: none.</param>
    public CommandLineApp(RootCommand root, string? helpNote = null)
    {
        _root = root;
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        var helpAction = new HelpWithExamples((HelpAction)help.Action!, helpNote);
        help.Action = helpAction;
        root.SetAction(helpAction.Invoke);
        SuggestDirective suggest = root.Directives.OfType<SuggestDirective>().Single();
        suggest.Action = new SuggestAction(suggest, line => Suggestions.Find(_root, DefaultVerb, line));
    }

    /// <summary>The verb that may be left out where options follow; null: without a verb the program prints its help.</summary>
    public string? DefaultVerb { get; init; }

    /// <summary>The option that asks where an error comes from; null: the program has none.</summary>
    public Option<bool>? Verbose { get; init; }

    /// <summary>The exit code of a verb that Ctrl-C or SIGTERM stopped.</summary>
    public int CodeWhenStopped { get; init; } = ExitCodes.Stopped;

    /// <summary>How long a verb may take to end after Ctrl-C or SIGTERM, for example to write a checkpoint.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For errors and notices.</param>
    /// <param name="cancellation">Stops the verb, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error,
        CancellationToken cancellation = default)
    {
        output = new VisibleWriter(output);
        error = new VisibleWriter(error);
        ParseResult parsed = _root.Parse(WithVerb(args));
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpWithExamples or SuggestAction))
        {
            await error.WriteLineAsync($"error: {VisibleText.Line(ParseFault.Describe(parsed))}");
            return ExitCodes.BadInput;
        }

        // The library's own handler would print a stack trace.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopTimeout,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("stopped");
            return CodeWhenStopped;
        }
        catch (Exception exception)
        {
            Exception cause = exception is AggregateException { InnerExceptions: [var only] } ? only : exception;
            await error.WriteLineAsync($"error: {VisibleText.Line(cause.Message)}");
            if (Verbose is not null && parsed.GetValue(Verbose)) await error.WriteLineAsync(cause.ToString());
            return cause is BadInputException ? ExitCodes.BadInput : ExitCodes.Failed;
        }
    }

    private IReadOnlyList<string> WithVerb(IReadOnlyList<string> args)
    {
        if (DefaultVerb is null) return args;
        bool isLeftOut = args.Count == 0 || (args[0].StartsWith('-')
            && !_root.Options.Any(option => option.Name == args[0] || option.Aliases.Contains(args[0])));
        return isLeftOut ? [DefaultVerb, .. args] : args;
    }
}
