using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary>What the verbs that draw one picture of a run have in common: open the run, draw, write, say where.</summary>
internal static class FigureVerb
{
    /// <summary>Draws a picture of an opened run.</summary>
    internal delegate Raster Draw(ParseResult parsed, TrainedRun run, ModelRunner runner);

    /// <summary>Makes a verb.</summary>
    /// <param name="verb">Name, description and examples.</param>
    /// <param name="fileName">The picture's name in the run's <c>figures</c> folder.</param>
    /// <param name="options">The verb's own options.</param>
    /// <param name="draw">Draws the picture.</param>
    internal static Command Create(Verb verb, string fileName, IReadOnlyList<Option> options, Draw draw)
    {
        Argument<string> folder = SharedOptions.Run();
        Option<string?> file = SharedOptions.OutPicture($"The PNG to write; by default figures/{fileName} in the run folder.");
        verb.Arguments.Add(folder);
        foreach (Option option in options) verb.Options.Add(option);
        verb.Options.Add(file);
        verb.SetAction(parsed =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), console.Error.WriteLine);
            using var engine = new ManagedEngine();
            using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
            string path = parsed.GetValue(file) ?? Path.Combine(run.Folder.FiguresPath, fileName);
            PngWriter.Write(draw(parsed, run, runner), path);
            console.Output.WriteLine(path);
            return ExitCodes.Done;
        });
        return verb;
    }
}
