using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Cli.Commands;

/// <summary><c>report</c>: writes the page of a run or a sweep anew, also while it trains.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new Argument<string>("DIR") { Description = "The folder of a run or of a sweep." }.WithFolders();
        var verb = new Verb("report", "Write the report of a run or a sweep, finished or not.")
        {
            Examples = ["report runs/001-quickstart", "report runs/004-beta-latent"],
        };
        verb.Arguments.Add(folder);
        verb.SetAction(parsed =>
        {
            using var engine = new ManagedEngine();
            string path = parsed.GetRequiredValue(folder);
            var sweep = new SweepFolder(path);
            string report = sweep.Exists
                ? SweepReportWriter.Write(sweep, engine)
                : ReportWriter.Write(TrainedRun.Open(path, parsed.InvocationConfiguration.Error.WriteLine), engine,
                    Environment.ProcessorCount);
            parsed.InvocationConfiguration.Output.WriteLine(report);
            return ExitCodes.Done;
        });
        return verb;
    }
}
