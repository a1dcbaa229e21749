using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Evaluation.Figures;

namespace VaeCluster.Cli.Commands;

/// <summary><c>sample</c>: images from the prior.</summary>
internal static class SampleCommand
{
    internal static Command Create()
    {
        Option<int> rows = SharedOptions.Count("--rows", "N", 8, 100, "Rows of the grid.");
        Option<int> columns = SharedOptions.Count("--columns", "N", 8, 100, "Columns of the grid.");
        Option<long?> seed = NumberOptions.SeedOrNone("--seed", "Seed of the draws; by default 0.");
        var verb = new Verb("sample", "Draw images from the prior.") { Examples = ["sample runs/001-quickstart --rows 4 --columns 12"] };
        return FigureVerb.Create(verb, "samples.png", [rows, columns, seed], (parsed, _, runner) => PriorSamples.Render(
            runner, new PriorSamplesOptions
            {
                Rows = parsed.GetValue(rows),
                Columns = parsed.GetValue(columns),
                Seed = parsed.GetValue(seed) ?? 0,
            }));
    }
}
