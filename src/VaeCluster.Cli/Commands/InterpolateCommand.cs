using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>interpolate</c>: decodes the points between two examples.</summary>
internal static class InterpolateCommand
{
    internal static Command Create()
    {
        Option<int> pairs = SharedOptions.Count("--pairs", "N", 6, 500, "How many pairs of examples, one row each.");
        Option<int> steps = SharedOptions.Count("--steps", "N", 9, 100, "Decoded images per row, at least 2.");
        Option<string?> split = SharedOptions.Split();
        var verb = new Verb("interpolate", "Draw interpolations between pairs of examples through the latent space.")
        {
            Examples = ["interpolate runs/001-quickstart --pairs 3"],
        };
        return FigureVerb.Create(verb, "interpolations.png", [pairs, steps, split], (parsed, run, runner) =>
        {
            if (parsed.GetValue(steps) < 2) throw new BadInputException("--steps", null, "1", "at least 2, the two ends");
            Data.Split examples = run.SplitNamed(parsed.GetValue(split));
            int count = Math.Min(parsed.GetValue(pairs), examples.Count / 2);
            if (count == 0) throw new BadInputException("--split", null, examples.Name, "a split with at least two examples");
            float[] images = ExamplePicker.Pick(examples, 2 * count, run.Spec.Evaluation.Seed);
            return Interpolations.Render(runner, images, new InterpolationsOptions { Steps = parsed.GetValue(steps) });
        });
    }
}
