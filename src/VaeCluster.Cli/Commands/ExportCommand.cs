using System.CommandLine;
using System.Globalization;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>export</c>: the weights for other tools.</summary>
internal static class ExportCommand
{
    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        var file = new Argument<string>("FILE") { Description = "The safetensors file to write." };
        var force = new Option<bool>("--force") { Description = "Replace a file that exists." };
        var verb = new Verb("export", "Write the newest weights as one safetensors file, float32, with the run file in its metadata.")
        {
            Examples = ["export runs/001-quickstart model.safetensors"],
        };
        verb.Arguments.Add(folder);
        verb.Arguments.Add(file);
        verb.Options.Add(force);
        verb.SetAction(parsed =>
        {
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), parsed.InvocationConfiguration.Error.WriteLine);
            string path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (File.Exists(path) && !parsed.GetValue(force))
                throw new BadInputException(path, null, null, "a new file; this one exists (--force replaces it)");
            Write(run, path);
            parsed.InvocationConfiguration.Output.WriteLine(path);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static void Write(TrainedRun run, string path)
    {
        List<SafetensorsTensor> tensors =
            [.. run.Model.Layout.Slices.Select(slice => SafetensorsTensor.FromSingles(slice.Name, slice.Shape, slice.Of(run.Weights.Span)))];
        var metadata = new Dictionary<string, string>
        {
            ["producer"] = "VaeCluster",
            ["step"] = run.Step.ToString(CultureInfo.InvariantCulture),
            ["run"] = RunFile.Write(run.Spec),
        };
        if (Path.GetDirectoryName(path) is { } parent) Directory.CreateDirectory(parent);
        string temporary = path + ".writing";
        using (FileStream stream = File.Create(temporary)) Safetensors.Write(stream, tensors, metadata);
        File.Move(temporary, path, overwrite: true);
    }
}
