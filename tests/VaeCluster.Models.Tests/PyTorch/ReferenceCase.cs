using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Reference;

namespace VaeCluster.Tests.PyTorch;

/// <summary>One model with its loss and gradients from PyTorch; see make_reference.py, whose integer arithmetic this repeats.</summary>
public sealed record ReferenceCase(
    int Pixels, int[] Hidden, int Latent, int Batch, string Likelihood, double Beta, double Sigma,
    Dictionary<string, JsonElement> Objective, double Loss, double Reconstruction, double Kl,
    Dictionary<string, ReferenceGradient> Gradients, Dictionary<string, JsonElement>? Prior = null,
    Dictionary<string, JsonElement>? Posterior = null)
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
                Posterior = Posterior is null ? new MemberSpec("gaussian") : Choice(Posterior),
                Prior = Prior is null ? new MemberSpec("standard") : Choice(Prior),
                Latent = Latent,
            },
            Objective = new ObjectiveSpec { Kind = Choice(Objective) },
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

    public float[] Noise() => [.. Enumerable.Range(0, Batch * Model().Objective.Samples * Latent).Select(i => Hashed(i, 1002) * 1.5f)];

    /// <summary>The tangent of a term that couples the batch, from statistics in float32 as workers exchange them.</summary>
    public float[] Tangent(VaeModel model)
    {
        var statistics = new ReferenceInterpreter(model.Statistics!, Batch);
        Array.ConvertAll(Images(), pixel => (double)pixel).CopyTo(statistics.Input("x"));
        if (model.Statistics!.Inputs.ContainsKey("noise"))
            Array.ConvertAll(Noise(), value => (double)value).CopyTo(statistics.Input("noise"));
        statistics.Forward(Array.ConvertAll(Weights(model.Layout), weight => (double)weight));
        BatchCoupling coupling = model.Objective.Coupling!;
        var batch = new float[Batch * coupling.Statistics];
        int first = 0;
        for (int part = 0; part < model.Statistics.Outputs.Count; part++)
        {
            ReadOnlySpan<double> values = statistics.Output(VaeModel.StatisticsOutput(part));
            int size = values.Length / Batch;
            for (int i = 0; i < values.Length; i++) batch[(i / size * coupling.Statistics) + first + (i % size)] = (float)values[i];
            first += size;
        }

        var rows = new float[Batch * (coupling.Statistics + 1)];
        coupling.Tangent(batch, (float)model.Beta, (float)(model.Objective.CapacityAt(0, 1) ?? 0), 0, rows);
        return rows;
    }

    public override string ToString() => $"{Choice(Objective)} {Prior?["kind"]} {Posterior?["kind"]} {Pixels}-{string.Join('-', Hidden)}-{Latent} {Likelihood} β={Beta}";

    private static MemberSpec Choice(Dictionary<string, JsonElement> fields) => new(
        fields["kind"].GetString()!,
        fields.Where(field => field.Key != "kind").ToDictionary(field => field.Key, field => Value(field.Key, field.Value)));

    private static object Value(string field, JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : field is "samples" or "groups" or "components" or "steps" or "hidden" or "context" ? (object)value.GetInt64()
        : value.GetDouble();

    internal static float Hashed(long index, long salt)
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
public sealed record ReferenceGradient(double Norm, int[] Places, double[] Values)
{
    /// <summary>Fails where a gradient differs.</summary>
    /// <param name="actual">All elements of the gradient.</param>
    /// <param name="tolerance">Largest difference.</param>
    /// <param name="name">The parameter, for the message.</param>
    public void AssertClose(IReadOnlyList<double> actual, double tolerance, string name)
    {
        Close(Norm, Math.Sqrt(actual.Sum(value => value * value)), $"the norm of {name}");
        for (int i = 0; i < Places.Length; i++) Close(Values[i], actual[Places[i]], $"{name}[{Places[i]}]");

        void Close(double expected, double found, string what) =>
            Assert.True(Math.Abs(expected - found) <= tolerance, $"{what}: {found} where PyTorch has {expected}");
    }
}
