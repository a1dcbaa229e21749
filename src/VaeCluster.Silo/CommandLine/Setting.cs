using System.CommandLine;

namespace VaeCluster.Silo.CommandLine;

/// <summary>A setting with one value, from an option or else from an environment variable.</summary>
internal sealed class Setting
{
    private readonly string[] _variables;

    /// <summary>Describes a setting.</summary>
    /// <param name="name">The option, such as <c>--silo-port</c>; the variable's name follows from it.</param>
    /// <param name="helpName">The placeholder for the value in the help; null for a switch.</param>
    /// <param name="description">One line of help, with the default.</param>
    /// <param name="otherVariables">Variables that are read when its own is not set.</param>
    internal Setting(string name, string? helpName, string description, params string[] otherVariables)
    {
        _variables = [VariableOf(name), .. otherVariables];
        string others = otherVariables.Length == 0 ? string.Empty : $" (also from {string.Join(", ", otherVariables)})";
        Option = helpName is null
            ? new Option<bool>(name) { Description = description + others }
            : new Option<string?>(name) { Description = description + others, HelpName = helpName };
    }

    /// <summary>The command-line option.</summary>
    internal Option Option { get; }

    /// <summary>The environment variable of an option.</summary>
    /// <param name="option">The option's name.</param>
    internal static string VariableOf(string option) => "VAECLUSTER_" + option.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>The given value; null if there is none.</summary>
    /// <param name="parsed">The command line.</param>
    internal SettingValue? Read(ParseResult parsed)
    {
        if (Option is Option<string?> option && parsed.GetValue(option) is { } text) return new SettingValue(Option.Name, text);
        return _variables
            .Select(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? new SettingValue(name, value) : null)
            .FirstOrDefault(value => value is not null);
    }

    /// <summary>Whether a switch is on.</summary>
    /// <param name="parsed">The command line.</param>
    internal bool IsOn(ParseResult parsed) =>
        (Option is Option<bool> option && parsed.GetValue(option)) || (Read(parsed)?.Switch() ?? false);
}
