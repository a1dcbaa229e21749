using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;

namespace VaeCluster.Cli.Commands;

/// <summary><c>interpolate</c>: decodes the points between two examples.</summary>
internal static class InterpolateCommand
{
    internal static Command Create()
    {
        Option<int> pairs = SharedOptions.Count("--pairs", "N", 6, 500, "How many pairs of examples, one row each.");
        Option<int> steps = SharedOptions.Count("--steps", "N", 9, 100, "Decoded images per row, at least 2.");
        Option<string?> split = SharedOptions.Split();
        Option<string?> data = SharedOptions.Data();
        var verb = new Verb("interpolate", "Draw interpolations between pairs of examples through the latent space.")
        {
            Examples = ["interpolate runs/001-quickstart --pairs 3", "interpolate runs/002-faces --data portraits"],
        };
        return FigureVerb.Create(verb, "interpolations.png", [pairs, steps, split, data], (parsed, run, runner) =>
        {
            if (parsed.GetValue(steps) < 2) throw new BadInputException("--steps", null, "1", "at least 2, the two ends");
            float[] images = run.WithData(parsed.GetValue(data)).Examples(parsed.GetValue(split), 2 * parsed.GetValue(pairs));
            int pixels = run.Model.Image.Pixels, count = images.Length / pixels / 2;
            if (count == 0)
            {
                string option = parsed.GetValue(data) is null ? "--split" : "--data";
                throw new BadInputException(option, null, parsed.GetValue<string?>(option), "at least two examples to interpolate between");
            }

            images = images[..(2 * count * pixels)];
            return Interpolations.Render(runner, images, new InterpolationsOptions { Steps = parsed.GetValue(steps) });
        });
    }
}
