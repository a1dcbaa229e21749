using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>Restricts submitted runs to the data folders that the operator has opened, following every symbolic link.</summary>
/// <param name="folders">The folders.</param>
public sealed class DataGate(IReadOnlyList<string> folders)
{
    private const string NoName = BadInputException.RunFile;

    private readonly string[] _folders = [.. folders.Select(Path.GetFullPath)];
    private readonly string[] _real = [.. folders.Select(RealPath.Of)];

    /// <summary>Parses a submitted run file, and resolves its relative paths.</summary>
    /// <param name="submission">The submission.</param>
    /// <exception cref="BadInputException">The submission is not a valid run file.</exception>
    /// <exception cref="RunRefusedException">A run names data outside the folders.</exception>
    public RunSpec Read(RunSubmission submission) => Read(
        submission.FileName,
        open =>
        {
            string folder = open ?? FolderOf(submission.Folder), overrideFolder = open ?? Absolute(submission.OverrideFolder) ?? folder;
            return RunFile.Parse(submission.RunFile, submission.FileName ?? NoName, folder, submission.Overrides, overrideFolder,
                RunVocabulary.All);
        },
        spec => [spec]);

    /// <summary>Parses a submission that contains run files.</summary>
    /// <typeparam name="T">The type of the parsed submission.</typeparam>
    /// <param name="fileName">The name of its file, for error messages; null if it has none.</param>
    /// <param name="parse">
    /// Parses it, given the data folder to which all of its relative paths refer; null for the folders that the submitter named, see
    /// <see cref="FolderOf"/>.
    /// </param>
    /// <param name="runs">Returns the runs in it.</param>
    /// <exception cref="BadInputException">The submission is invalid.</exception>
    /// <exception cref="RunRefusedException">A run names data outside the folders.</exception>
    public T Read<T>(string? fileName, Func<string?, T> parse, Func<T, IEnumerable<RunSpec>> runs)
        where T : class
    {
        T? first = null, inside = null;
        foreach (string? open in (string?[])[null, .. _folders])
        {
            T read = parse(open);
            first ??= read;
            (string Field, string Path)[] paths = [.. runs(read).SelectMany(PathsOf).Distinct()];
            if (!paths.All(named => IsInside(named.Path))) continue;
            if (paths.All(named => Path.Exists(named.Path))) return read;
            inside ??= read;
        }

        // Report a link that leads out of the folders. The existence of anything else outside the folders must not be revealed.
        (string Field, string Path)[] refused = [.. runs(first!).SelectMany(PathsOf).Where(named => !IsInside(named.Path))];
        if (refused.FirstOrDefault(named => IsBelow(Path.GetFullPath(named.Path), _folders)) is { Path: not null } link)
            throw Refusal(fileName, link.Field, link.Path);

        // Inside but missing: opening it will report that.
        if (inside is not null) return inside;
        throw Refusal(fileName, refused[0].Field, refused[0].Path);
    }

    /// <summary>The folder that submitted paths are relative to: the named one if it is absolute, else the first data folder.</summary>
    /// <param name="named">The folder that the submitter named.</param>
    // A relative one would refer to this process's working folder.
    public string FolderOf(string? named) => Absolute(named) ?? _folders.FirstOrDefault() ?? Path.GetTempPath();

    /// <summary>Checks that a run names no data outside the folders.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="fileName">The name of its file, for error messages.</param>
    /// <exception cref="RunRefusedException">The run names data outside the folders.</exception>
    public void Demand(RunSpec spec, string? fileName)
    {
        foreach ((string field, string path) in PathsOf(spec))
            if (!IsInside(path)) throw Refusal(fileName, field, path);
    }

    private static string? Absolute(string? folder) =>
        folder is not null && !folder.Contains('\0', StringComparison.Ordinal) && Path.IsPathFullyQualified(folder) ? folder : null;

    private bool IsInside(string path) => IsBelow(RealPath.Of(path), _real);

    private static bool IsBelow(string path, string[] folders) => folders.Any(open => path == open || path.StartsWith(
        Path.EndsInDirectorySeparator(open) ? open : open + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private RunRefusedException Refusal(string? fileName, string field, string path)
    {
        string allowed = _folders.Length == 0
            ? "this server has no data folder for submitted runs; start it with --data DIR"
            : $"a path in {string.Join(" or ", _folders)}, the data folders of this server";
        if (IsBelow(Path.GetFullPath(path), _folders))
            allowed += $"; a link leads out of them: also pass its target's folder with --data";
        return new RunRefusedException(RunRefusal.Forbidden, new BadInputException(fileName ?? NoName, field, path, allowed));
    }

    private static IEnumerable<(string Field, string Path)> PathsOf(RunSpec spec)
    {
        (string Section, MemberSpec Choice, IReadOnlyList<Member> Family)[] choices =
        [
            ("data", spec.Data.Dataset, RunVocabulary.All.Datasets),
            ("model", spec.Model.Architecture, RunVocabulary.All.Architectures),
            ("model", spec.Model.Likelihood, RunVocabulary.All.Likelihoods),
            ("objective", spec.Objective.Kind, RunVocabulary.All.Objectives),
        ];
        return from choice in choices
               from rule in choice.Family.Single(member => member.Name == choice.Choice.Name).Fields
               where rule.Kind == FieldKind.Path && choice.Choice.Has(rule.Name)
               select ($"{choice.Section}.{rule.Name}", choice.Choice.Text(rule.Name));
    }
}
