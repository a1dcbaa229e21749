using VaeCluster.Cli.Progress;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Runs;

/// <summary>Trains in this process: the managed engine, an evaluator, a view of the progress, and a report at the end.</summary>
internal static class TrainingHost
{
    /// <summary>Prepares and executes a run.</summary>
    /// <param name="request">How.</param>
    /// <param name="prepare">Checks everything; nothing is written before it returns.</param>
    /// <param name="cancellation">Stops the run with a checkpoint.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(TrainingRequest request, Func<TrainingOptions, TrainingRun> prepare, CancellationToken cancellation)
    {
        TextWriter output = request.Console.Output, error = request.Console.Error;
        TrainingProgress progress = TrainingProgress.Create(output, error);
        TrainingRun run = Prepare(request.RunFile, prepare, TrainingSetup.Options(() => new ManagedEngine()) with
        {
            Workers = request.Workers,
            Threads = request.Threads,
            Ranges = request.Ranges,
            Observer = progress,
        });
        string folder = RunFolders.Show(Environment.CurrentDirectory, run.Folder.Path);
        try
        {
            RunResult result = progress.Watch(() => run.Execute(cancellation));
            output.WriteLine(ResultText.Summary(result));
            output.WriteLine($"run     {folder}");
            output.WriteLine($"report  {RunFolders.Show(Environment.CurrentDirectory, run.Folder.ReportPath)}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine($"stopped; resume with: {ProgramName.Value} resume {folder}");
            return ExitCodes.Stopped;
        }
    }

    // Code that finds a fault against the data does not know the name of the run file.
    private static TrainingRun Prepare(string runFile, Func<TrainingOptions, TrainingRun> prepare, TrainingOptions options)
    {
        try
        {
            return prepare(options);
        }
        catch (BadInputException fault)
        {
            throw fault.In(runFile);
        }
    }
}
