using System.CommandLine;
using System.CommandLine.Parsing;
using VaeCluster.Core;

namespace VaeCluster.Cli.CommandLine;

/// <summary>Keeps the names of written files to their formats. A name without an extension promises nothing, so it is allowed.</summary>
internal static class OutputName
{
    private const string Png = ".png";

    /// <summary>Refuses a name that does not fit a picture, before anything is read or drawn.</summary>
    /// <param name="option">The option that takes the name.</param>
    internal static Option<string?> ForPicture(this Option<string?> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [Token token]) return;
            if (WhyNot(token.Value, Png) is { } reason) result.AddError($"{option.Name} is '{token.Value}': {reason}");
        });
        return option;
    }

    /// <summary>Refuses a name that does not fit a file's format.</summary>
    /// <param name="source">The argument or option that takes the name.</param>
    /// <param name="path">The name.</param>
    /// <param name="extensions">What it may end in, each with its dot.</param>
    /// <exception cref="BadInputException">It ends in something else, or it is a folder.</exception>
    internal static void Demand(string source, string path, params string[] extensions)
    {
        if (WhyNot(path, extensions) is { } reason) throw new BadInputException(source, null, path, reason);
    }

    /// <summary>Refuses the name of a file where a folder is written.</summary>
    /// <param name="source">The argument or option that takes the name.</param>
    /// <param name="path">The name.</param>
    /// <param name="extensions">What the name of a folder must not end in, each with its dot.</param>
    /// <exception cref="BadInputException">It ends in one of them, or it is a file.</exception>
    internal static void DemandFolder(string source, string path, params string[] extensions)
    {
        if (File.Exists(path)) throw new BadInputException(source, null, path, "a folder; this is a file");
        if (extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new BadInputException(source, null, path, "a folder, for several files are written; this is the name of one file");
    }

    private static string? WhyNot(string path, params string[] extensions)
    {
        if (Path.GetFileName(path).Length == 0 || Directory.Exists(path)) return "a file to write; this is a folder";
        string extension = Path.GetExtension(path);
        return extension.Length == 0 || extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"a name that ends in {string.Join(" or ", extensions)}, the format that is written";
    }
}
