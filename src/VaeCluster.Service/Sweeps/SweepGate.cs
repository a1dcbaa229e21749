using VaeCluster.Core;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Service.Runs;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Service.Sweeps;

/// <summary>Reads submitted sweeps, and restricts their trials to the data folders that the operator has opened.</summary>
/// <param name="gate">The check for data folders.</param>
public sealed class SweepGate(DataGate gate)
{
    private const string NoName = "sweep file", NoBaseName = "base file";

    /// <summary>Parses a submission, and resolves its relative paths.</summary>
    /// <param name="submission">The submission.</param>
    /// <exception cref="BadInputException">The submission is not a valid sweep.</exception>
    /// <exception cref="RunRefusedException">A trial names data outside the data folders.</exception>
    public SweepSpec Read(SweepSubmission submission) => gate.Read(
        submission.FileName,
        open =>
        {
            string folder = open ?? gate.FolderOf(submission.Folder);
            return SweepFile.Parse(new SweepSource
            {
                Text = submission.SweepFile,
                FileName = submission.FileName ?? NoName,
                Folder = folder,
                Base = name => BaseOf(submission, name, open ?? gate.FolderOf(submission.BaseFolder ?? submission.Folder)),
                Overrides = submission.Overrides,
                OverrideFolder = open ?? gate.FolderOf(submission.OverrideFolder ?? submission.Folder),
            });
        },
        SweepChecks.Samples);

    private static SpecMap BaseOf(SweepSubmission submission, SpecScalar name, string folder) => submission.BaseFile is { } text
        ? SpecSyntax.ParseFile(text, submission.BaseFileName ?? NoBaseName, folder)
        : throw name.Origin.Fault("base", name.Value,
            "a map; a server does not open base files: use `submit`, which sends the base file along, or put the run file into the sweep file");
}
