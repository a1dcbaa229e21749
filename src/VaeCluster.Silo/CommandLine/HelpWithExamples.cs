using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VaeCluster.Silo.CommandLine;

/// <summary>The library's help, followed by what holds for all options and by the verb's examples.</summary>
/// <param name="standard">The library's help.</param>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return code;

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Every option can come from the environment: --silo-port from VAECLUSTER_SILO_PORT, and so on.");
        output.WriteLine();
        output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in verb.Examples) output.WriteLine($"  {ProgramName.Value} {example}");
        output.WriteLine();
        return code;
    }
}
