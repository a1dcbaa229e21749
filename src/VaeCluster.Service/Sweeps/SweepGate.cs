using VaeCluster.Core;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Service.Runs;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Service.Sweeps;

/// <summary>Reads submitted sweeps, and keeps their trials to the data folders that the operator has opened.</summary>
/// <param name="gate">The folders.</param>
public sealed class SweepGate(DataGate gate)
{
    private const string NoName = "sweep file", NoBaseName = "base file";

    /// <summary>Reads a submission and settles what its relative paths are relative to.</summary>
    /// <param name="submission">The submission.</param>
    /// <exception cref="BadInputException">It is no sweep.</exception>
    /// <exception cref="RunRefusedException">A trial names data outside the folders.</exception>
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
            "a map: a server opens no base file; `submit` sends it along, or write the run file into the sweep file");
}
