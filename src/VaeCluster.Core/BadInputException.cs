namespace VaeCluster.Core;

/// <summary>
/// Input of the user that cannot be used. Its message is one line that names the file, the field, the value found and
/// what is allowed; the command line prints it and exits with code 2, with nothing written.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>Stands for the run file where a fault is found by code that is not told the file's name; <see cref="In"/> puts it in.</summary>
    public const string RunFile = "run file";

    /// <summary>Describes one fault.</summary>
    /// <param name="file">The file (or option) that holds the fault.</param>
    /// <param name="field">The field inside it, as a dotted path such as <c>training.batch</c>; null where the whole file is at fault.</param>
    /// <param name="value">The value found, as the user wrote it; null where there is none.</param>
    /// <param name="allowed">What would be allowed, or what to do.</param>
    /// <param name="inner">The fault below, if any.</param>
    public BadInputException(string file, string? field, string? value, string allowed, Exception? inner = null)
        : base(Describe(file, field, value, allowed), inner)
    {
        File = file;
        Field = field;
        Value = value;
        Allowed = allowed;
    }

    /// <summary>The file (or option) that holds the fault.</summary>
    public string File { get; }

    /// <summary>The field as a dotted path, or null where the whole file is at fault.</summary>
    public string? Field { get; }

    /// <summary>The value found, or null where there is none.</summary>
    public string? Value { get; }

    /// <summary>What would be allowed.</summary>
    public string Allowed { get; }

    /// <summary>The same fault with the run file by its name.</summary>
    /// <param name="runFile">The file as the user named it.</param>
    public BadInputException In(string runFile) => File == RunFile ? new BadInputException(runFile, Field, Value, Allowed, this) : this;

    private static string Describe(string file, string? field, string? value, string allowed)
    {
        string where = field is null ? file : $"{file}: {field}";
        string found = value is null ? string.Empty : $" is {Shorten(value)}";
        return $"{where}{found}: {allowed}".ReplaceLineEndings(" ");
    }

    // A run file of megabytes must not end up in one line of the terminal.
    private static string Shorten(string value)
    {
        const int Longest = 80;
        return value.Length <= Longest ? $"'{value}'" : $"'{value[..Longest]}…' ({value.Length} characters)";
    }
}
