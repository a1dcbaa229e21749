using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>report</c>: writes a run's page anew, also while it trains.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        var verb = new Verb("report", "Write the report of a run, finished or not.") { Examples = ["report runs/001-quickstart"] };
        verb.Arguments.Add(folder);
        verb.SetAction(parsed =>
        {
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), parsed.InvocationConfiguration.Error.WriteLine);
            using var engine = new ManagedEngine();
            parsed.InvocationConfiguration.Output.WriteLine(ReportWriter.Write(run, engine, Environment.ProcessorCount));
            return ExitCodes.Done;
        });
        return verb;
    }
}
