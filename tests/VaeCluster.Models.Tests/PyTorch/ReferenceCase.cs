using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models;

namespace VaeCluster.Tests.PyTorch;

/// <summary>One model with its loss and gradients from PyTorch; see make_reference.py, whose integer arithmetic this repeats.</summary>
public sealed record ReferenceCase(
    int Pixels, int[] Hidden, int Latent, int Batch, string Likelihood, double Beta, double Sigma,
    double Loss, double Reconstruction, double Kl, Dictionary<string, ReferenceGradient> Gradients)
{
    private sealed record File(string Torch, ReferenceCase[] Cases);

    public static ReferenceCase[] All { get; } = Load();

    public static IEnumerable<object[]> Numbers => Enumerable.Range(0, All.Length).Select(i => new object[] { i });

    public VaeModel Model()
    {
        var likelihood = new Dictionary<string, object> { ["varianceFloor"] = 1e-4, ["sigma"] = Sigma };
        var spec = new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("idx") },
            Model = new ModelSpec
            {
                Architecture = new MemberSpec("mlp", new Dictionary<string, object>
                {
                    ["hidden"] = (IReadOnlyList<long>)[.. Hidden.Select(width => (long)width)],
                    ["activation"] = "relu",
                }),
                Likelihood = new MemberSpec(Likelihood, likelihood),
                Latent = Latent,
            },
            Objective = new ObjectiveSpec { Kind = new MemberSpec("vae", new Dictionary<string, object> { ["beta"] = Beta }) },
        };
        return VaeModel.Create(spec, new ImageShape(1, 1, Pixels));
    }

    public static float[] Weights(ParameterLayout layout)
    {
        var weights = new float[layout.Length];
        for (int i = 0; i < layout.Slices.Count; i++)
        {
            ParameterSlice slice = layout.Slices[i];
            double scale = 1.0 / Math.Sqrt(slice.FanIn == 0 ? 16 : slice.FanIn);
            Span<float> values = slice.Of(weights.AsSpan());
            for (int j = 0; j < values.Length; j++) values[j] = (float)(Hashed(j, i) * scale);
        }

        return weights;
    }

    public float[] Images() => [.. Enumerable.Range(0, Batch * Pixels).Select(i => MathF.Abs(Hashed(i, 1001)))];

    public float[] Noise() => [.. Enumerable.Range(0, Batch * Latent).Select(i => Hashed(i, 1002) * 1.5f)];

    public override string ToString() => $"{Pixels}-{string.Join('-', Hidden)}-{Latent} {Likelihood} β={Beta}";

    private static float Hashed(long index, long salt)
    {
        ulong h = (((ulong)index * 2654435761UL) + ((ulong)salt * 40503UL) + 12345UL) % (1UL << 32);
        h = (h ^ (h >> 15)) * 2246822519UL % (1UL << 32);
        return (float)((h / (double)(1L << 31)) - 1.0);
    }

    private static ReferenceCase[] Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "PyTorch", "reference.json");
        return JsonSerializer.Deserialize<File>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web)!.Cases;
    }
}

/// <summary>A parameter's gradient: its norm and some of its elements.</summary>
public sealed record ReferenceGradient(double Norm, int[] Places, double[] Values);
