using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Evaluation.Figures;

namespace VaeCluster.Cli.Commands;

/// <summary><c>reconstruct</c>: inputs beside what the model makes of them.</summary>
internal static class ReconstructCommand
{
    internal static Command Create()
    {
        Option<int> count = SharedOptions.Count("--count", "N", 20, 2000, "How many images.");
        Option<int> columns = SharedOptions.Count("--columns", "N", 10, 100, "Images side by side.");
        Option<string?> split = SharedOptions.Split();
        Option<string?> data = SharedOptions.Data();
        var verb = new Verb("reconstruct", "Draw inputs above their reconstructions.")
        {
            Examples = ["reconstruct runs/001-quickstart --count 40", "reconstruct runs/002-faces --data me.png"],
        };
        return FigureVerb.Create(verb, "reconstructions.png", [count, columns, split, data], (parsed, run, runner) =>
        {
            float[] images = run.WithData(parsed.GetValue(data)).Examples(parsed.GetValue(split), parsed.GetValue(count));
            return Reconstructions.Render(runner, images, new ReconstructionsOptions { Columns = parsed.GetValue(columns) });
        });
    }
}
