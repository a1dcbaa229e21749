using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VaeCluster.CommandLine;

/// <summary>The library's help, followed by the verb's vocabulary, notes and examples.</summary>
/// <param name="standard">The library's help.</param>
/// <param name="note">A line for every verb that has examples; null: none.</param>
internal sealed class HelpWithExamples(HelpAction standard, string? note) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb verb) return code;

        TextWriter output = parseResult.InvocationConfiguration.Output;
        WriteVocabulary(output, verb);
        WriteParagraph(output, verb.Notes);
        if (verb.Examples.Count == 0) return code;
        WriteParagraph(output, note);
        output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in verb.Examples) output.WriteLine($"  {ProgramName.Value} {example}");
        output.WriteLine();
        return code;
    }

    private static void WriteParagraph(TextWriter output, string? text)
    {
        if (text is null) return;
        output.WriteLine(text);
        output.WriteLine();
    }

    private static void WriteVocabulary(TextWriter output, Verb verb)
    {
        if (verb.Vocabulary is not { } vocabulary) return;
        int width = vocabulary.Entries.Max(entry => entry.Name.Length);
        output.WriteLine($"{vocabulary.Heading}:");
        foreach ((string name, string meaning) in vocabulary.Entries) output.WriteLine($"  {name.PadRight(width)}  {meaning}");
        output.WriteLine();
    }
}
