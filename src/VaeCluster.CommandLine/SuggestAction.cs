using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VaeCluster.CommandLine;

/// <summary>
/// Completes a command line for a shell: <c>vaecluster [suggest:12] "vaecluster t"</c> prints the words that the word before place 12 can
/// become, one a line.
/// </summary>
/// <param name="directive">The directive that asks for it.</param>
/// <param name="suggest">Completes a line.</param>
internal sealed class SuggestAction(SuggestDirective directive, Func<string, IEnumerable<string>> suggest) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? string.Empty;
        bool isGiven = int.TryParse(
            parseResult.GetResult(directive)?.Values.SingleOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int position);
        foreach (string word in suggest(isGiven ? line[..Math.Min(position, line.Length)] : line))
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        return ExitCodes.Done;
    }
}
