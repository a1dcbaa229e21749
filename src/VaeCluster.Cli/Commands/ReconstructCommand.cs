using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>reconstruct</c>: inputs beside what the model makes of them.</summary>
internal static class ReconstructCommand
{
    internal static Command Create()
    {
        Option<int> count = SharedOptions.Count("--count", "N", 20, 2000, "How many images.");
        Option<int> columns = SharedOptions.Count("--columns", "N", 10, 100, "Images side by side.");
        Option<string?> split = SharedOptions.Split();
        var verb = new Verb("reconstruct", "Draw inputs above their reconstructions.")
        {
            Examples = ["reconstruct runs/001-quickstart --count 40"],
        };
        return FigureVerb.Create(verb, "reconstructions.png", [count, columns, split], (parsed, run, runner) =>
        {
            float[] images = ExamplePicker.Pick(run.SplitNamed(parsed.GetValue(split)), parsed.GetValue(count), run.Spec.Evaluation.Seed);
            return Reconstructions.Render(runner, images, new ReconstructionsOptions { Columns = parsed.GetValue(columns) });
        });
    }
}
