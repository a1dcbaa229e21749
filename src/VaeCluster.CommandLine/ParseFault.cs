using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using VaeCluster.Core.Specs;

namespace VaeCluster.CommandLine;

/// <summary>One line for a command line that cannot be parsed.</summary>
internal static partial class ParseFault
{
    /// <summary>The first fault, with the nearest name where one was misspelt, and the help that lists what is allowed.</summary>
    /// <param name="parsed">A command line with errors.</param>
    internal static string Describe(ParseResult parsed) => $"{Message(parsed)}; see '{ProgramName.Value}{Verbs(parsed)} --help'";

    private static string Message(ParseResult parsed)
    {
        string message = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        if (WrongType().Match(message) is { Success: true } wrong)
            return Mistyped(parsed, wrong.Groups["value"].Value, wrong.Groups["name"].Value);
        if (parsed.UnmatchedTokens is not [var unknown, ..]) return message;
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> known = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)
            .Concat(command.Options.Select(option => option.Name));
        return message + NearestName.Hint(unknown, known);
    }

    // The library names the .NET type, which tells a user nothing.
    private static string Mistyped(ParseResult parsed, string value, string name)
    {
        Command command = parsed.CommandResult.Command;
        Type? type = command.Options.FirstOrDefault(option => option.Name == name)?.ValueType
            ?? command.Arguments.FirstOrDefault(argument => argument.Name == name)?.ValueType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return $"{name} is '{value}': {Expected(type)}";
    }

    private static string Expected(Type? type) => Type.GetTypeCode(type) switch
    {
        _ when type is { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type).Select(value => value.ToLowerInvariant())),
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Single or TypeCode.Double => "a number",
        TypeCode.Boolean => "true or false",
        _ => "not a value that it takes",
    };

    private static string Verbs(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (CommandResult? command = parsed.CommandResult; command?.Parent is not null; command = command.Parent as CommandResult)
            names.Push(command.Command.Name);
        return string.Concat(names.Select(name => " " + name));
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (?:option|command) '(?<name>[^']*)' as expected type '[^']*'")]
    private static partial Regex WrongType();
}
