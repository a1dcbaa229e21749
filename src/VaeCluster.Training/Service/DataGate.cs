using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Service;

/// <summary>Keeps submitted runs to the data folders that the operator has opened, with every symbolic link followed.</summary>
/// <param name="folders">The folders.</param>
public sealed class DataGate(IReadOnlyList<string> folders)
{
    private const string NoName = BadInputException.RunFile;

    private readonly string[] _folders = [.. folders.Select(Path.GetFullPath)];
    private readonly string[] _real = [.. folders.Select(RealPath.Of)];

    /// <summary>Reads a submitted run file and settles what its relative paths are relative to.</summary>
    /// <param name="submission">The submission.</param>
    /// <exception cref="BadInputException">It is no run file.</exception>
    /// <exception cref="RunRefusedException">It names data outside the folders.</exception>
    public RunSpec Read(RunSubmission submission)
    {
        RunSpec? first = null, inside = null;
        foreach ((string folder, string overrideFolder) in Bases(submission))
        {
            RunSpec spec = RunFile.Parse(
                submission.RunFile, submission.FileName ?? NoName, folder, submission.Overrides, overrideFolder, RunVocabulary.All);
            first ??= spec;
            if (!PathsOf(spec).All(named => IsInside(named.Path))) continue;
            if (PathsOf(spec).All(named => Path.Exists(named.Path))) return spec;
            inside ??= spec;
        }

        // Inside and missing: whoever opens it says so.
        if (inside is not null) return inside;
        (string field, string path) = PathsOf(first!).First(named => !IsInside(named.Path));
        throw Refusal(submission, field, path);
    }

    private IEnumerable<(string Folder, string OverrideFolder)> Bases(RunSubmission submission)
    {
        // A folder that is not absolute would mean one of this process's.
        string fallback = _folders.FirstOrDefault() ?? Path.GetTempPath();
        string folder = Absolute(submission.Folder) ?? fallback, overrideFolder = Absolute(submission.OverrideFolder) ?? folder;
        yield return (folder, overrideFolder);
        foreach (string open in _folders) yield return (open, open);
    }

    private static string? Absolute(string? folder) =>
        folder is not null && !folder.Contains('\0', StringComparison.Ordinal) && Path.IsPathFullyQualified(folder) ? folder : null;

    private bool IsInside(string path)
    {
        string real = RealPath.Of(path);
        return _real.Any(open => real == open || real.StartsWith(
            Path.EndsInDirectorySeparator(open) ? open : open + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    private RunRefusedException Refusal(RunSubmission submission, string field, string path)
    {
        string allowed = _folders.Length == 0
            ? "this server opens no data folder to submitted runs; start it with --data DIR"
            : $"a path in {string.Join(" or ", _folders)}, the data folders of this server";
        return new RunRefusedException(RunRefusal.Forbidden, new BadInputException(submission.FileName ?? NoName, field, path, allowed));
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
