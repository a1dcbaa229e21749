using System.CommandLine;
using System.CommandLine.Completions;

namespace VaeCluster.CommandLine;

/// <summary>Completes arguments and options that name files or folders.</summary>
public static class PathCompletions
{
    private const int Most = 1000;

    /// <summary>Completes an argument with the names of files and folders.</summary>
    /// <param name="argument">The argument.</param>
    /// <returns>The argument.</returns>
    public static Argument<T> WithFiles<T>(this Argument<T> argument)
    {
        return Complete(argument, folders: false);
    }

    /// <summary>Completes an argument with the names of folders.</summary>
    /// <param name="argument">The argument.</param>
    /// <returns>The argument.</returns>
    public static Argument<T> WithFolders<T>(this Argument<T> argument)
    {
        return Complete(argument, folders: true);
    }

    /// <summary>Completes an option with the names of files and folders.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The option.</returns>
    public static Option<T> WithFiles<T>(this Option<T> option)
    {
        option.CompletionSources.Add(context => Find(context.WordToComplete, folders: false));
        return option;
    }

    /// <summary>Completes an option with the names of folders.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The option.</returns>
    public static Option<T> WithFolders<T>(this Option<T> option)
    {
        option.CompletionSources.Add(context => Find(context.WordToComplete, folders: true));
        return option;
    }

    private static Argument<T> Complete<T>(Argument<T> argument, bool folders)
    {
        // Without a name for the help, the library would list the completions there.
        argument.HelpName ??= argument.Name;
        argument.CompletionSources.Add(context => Find(context.WordToComplete, folders));
        return argument;
    }

    // The names that begin as the word does, in its own spelling: runs/0 becomes runs/001-vae/. Hidden ones must be asked for by their dot.
    private static IEnumerable<CompletionItem> Find(string word, bool folders)
    {
        int slash = word.LastIndexOf('/') + 1;
        string folder = word[..slash], name = word[slash..];
        try
        {
            var place = new DirectoryInfo(folder.Length == 0 ? "." : folder);
            return
            [
                .. place.EnumerateFileSystemInfos(name + "*")
                    .Where(found => found.Name.StartsWith(name, StringComparison.Ordinal)
                        && (name.Length > 0 || !found.Name.StartsWith('.')))
                    .Where(found => found is DirectoryInfo || !folders)
                    .OrderBy(found => found.Name, StringComparer.Ordinal)
                    .Take(Most)
                    .Select(found => new CompletionItem(folder + found.Name + (found is DirectoryInfo ? "/" : string.Empty))),
            ];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return []; // no such folder
        }
    }
}
