using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>traverse</c>: shows what each latent dimension means.</summary>
internal static class TraverseCommand
{
    // A latent is N(0, 1) under the prior.
    private const float MostLatent = 1000;

    // Enough to order the dimensions by KL.
    private const int OrderExamples = 1000;

    internal static Command Create()
    {
        Option<float> from = NumberOptions.Number("--from", "Z", -3f, -MostLatent, MostLatent, "First value of the dimension that varies.");
        Option<float> to = NumberOptions.Number("--to", "Z", 3f, -MostLatent, MostLatent, "Last value of the dimension that varies.");
        Option<int> steps = SharedOptions.Count("--steps", "N", 11, 100, "Images per row.");
        Option<int?> example = SharedOptions.Index("--example", "INDEX",
            "Keep the other dimensions at the code of this example (counted from 0); by default at 0, the mean of the prior.");
        Option<string?> split = SharedOptions.Split();
        var verb = new Verb("traverse", "Draw latent traversals: one row per dimension, highest KL first.")
        {
            Examples = ["traverse runs/001-quickstart", "traverse runs/001-quickstart --example 7 --from -2 --to 2"],
        };
        return FigureVerb.Create(verb, "traversals.png", [from, to, steps, example, split], (parsed, run, runner) =>
        {
            string? name = parsed.GetValue(split);
            float[]? center = parsed.GetValue(example) is { } index ? CodeOf(run.Example(name, index), runner) : null;
            int[] order = OrderOf(run, runner, name);
            Raster raster = Traversals.Render(runner, order, new TraversalsOptions
            {
                Center = center,
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                Steps = parsed.GetValue(steps),
            });
            parsed.InvocationConfiguration.Output.WriteLine("rows, top to bottom: "
                + string.Join(' ', order.Select(dimension => $"z{dimension}")));
            return raster;
        });
    }

    // As in the report, where the run keeps what it shows: a traversal is the same on a machine without the data.
    private static int[] OrderOf(TrainedRun run, ModelRunner runner, string? split)
    {
        KeptDimensions? kept = KeptDimensions.Read(run) is { } found && (split is null || found.Split == split) ? found : null;
        if (kept is not null && !run.Model.HasClosedFormKl) return Traversals.OrderByKl(kept.MeanVariances);
        return Traversals.OrderByKl(
            kept?.KlPerDimension ?? CodeStatistics.MeanKl(runner, run.ExamplesAtHand(split, OrderExamples)));
    }

    private static float[] CodeOf(float[] image, ModelRunner runner)
    {
        var mean = new float[runner.Latent];
        runner.Encode(image, mean, []);
        return mean;
    }
}
