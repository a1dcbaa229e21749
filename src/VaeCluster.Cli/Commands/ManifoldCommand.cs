using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Evaluation.Figures;

namespace VaeCluster.Cli.Commands;

/// <summary><c>manifold</c>: the whole plane of a model with two latents.</summary>
internal static class ManifoldCommand
{
    internal static Command Create()
    {
        Option<int> side = SharedOptions.Count("--side", "N", 20, 100, "Images along each side.");
        var verb = new Verb("manifold", "Draw the latent plane of a model with 2 latents.")
        {
            Examples = ["manifold runs/001-plane --side 30"],
        };
        return FigureVerb.Create(verb, "manifold.png", [side], (parsed, _, runner) =>
            Manifold.Render(runner, new ManifoldOptions { Side = parsed.GetValue(side) }));
    }
}
