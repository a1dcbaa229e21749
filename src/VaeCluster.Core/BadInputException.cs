namespace VaeCluster.Core;

/// <summary>
/// Invalid user input. The message is one line that names the file, the field, the value found and what is allowed;
/// the command line prints it and exits with code 2 before anything is written.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>Placeholder for the run file's name in code that does not know it; <see cref="In"/> fills it in.</summary>
    public const string RunFile = "run file";

    /// <summary>Describes one error.</summary>
    /// <param name="file">The file (or option) with the error.</param>
    /// <param name="field">The field inside it, as a dotted path such as <c>training.batch</c>; null if the whole file is wrong.</param>
    /// <param name="value">The value found, as the user wrote it; null if there is none.</param>
    /// <param name="allowed">What is allowed, or what to do about it.</param>
    /// <param name="inner">The underlying exception, if any.</param>
    public BadInputException(string file, string? field, string? value, string allowed, Exception? inner = null)
        : base(Describe(file, field, value, allowed), inner)
    {
        File = file;
        Field = field;
        Value = value;
        Allowed = allowed;
    }

    /// <summary>The file (or option) with the error.</summary>
    public string File { get; }

    /// <summary>The field as a dotted path, or null if the whole file is wrong.</summary>
    public string? Field { get; }

    /// <summary>The value found, or null if there is none.</summary>
    public string? Value { get; }

    /// <summary>What is allowed.</summary>
    public string Allowed { get; }

    /// <summary>The same error with <see cref="RunFile"/> replaced by the file's real name.</summary>
    /// <param name="runFile">The file as the user named it.</param>
    public BadInputException In(string runFile) => File == RunFile ? new BadInputException(runFile, Field, Value, Allowed, this) : this;

    private const int LongestName = 500;

    private static string Describe(string file, string? field, string? value, string allowed)
    {
        // What allows and forbids must be seen, however long the other parts are.
        string place = VisibleText.Line(file, LongestName), where = field is null ? place : $"{place}: {VisibleText.Line(field, LongestName)}";
        string found = value is null ? string.Empty : $" is {Shorten(value)}";
        return VisibleText.Line($"{where}{found}: {allowed}");
    }

    // A megabyte-long value must not fill the terminal.
    private static string Shorten(string value)
    {
        const int Longest = 80;
        return value.Length <= Longest ? $"'{value}'" : $"'{value[..Longest]}…' ({value.Length} characters)";
    }
}
