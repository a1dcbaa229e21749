using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Models.Architectures;

namespace VaeCluster.Tests.PyTorch;

/// <summary>A network with its loss and gradients from PyTorch's own modules; see make_networks.py.</summary>
public sealed record NetworkCase(
    string Architecture, Dictionary<string, JsonElement> Fields, int[] Image, int Latent, int Batch, double Loss, double Reconstruction,
    double Kl, Dictionary<string, ReferenceGradient> Gradients)
{
    private sealed record File(string Torch, NetworkCase[] Cases);

    public static NetworkCase[] All { get; } = Load();

    public static IEnumerable<object[]> Numbers => Enumerable.Range(0, All.Length).Select(i => new object[] { i });

    public VaeModel Model()
    {
        Member member = ArchitectureFamily.Members.Single(candidate => candidate.Name == Architecture);
        Dictionary<string, object> fields = Fields.ToDictionary(
            field => field.Key, field => Value(member.Fields.Single(rule => rule.Name == field.Key).Kind, field.Value));
        return VaeModel.Create(new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("idx") },
            Model = new ModelSpec
            {
                Architecture = Member.Complete(ArchitectureFamily.Members, new MemberSpec(Architecture, fields)),
                Latent = Latent,
            },
        }, new ImageShape(Image[0], Image[1], Image[2]));
    }

    /// <summary>The values of every input of a model's training graph, by name.</summary>
    public Dictionary<string, float[]> Inputs(VaeModel model)
    {
        var inputs = new Dictionary<string, float[]>
        {
            ["x"] = [.. Enumerable.Range(0, Batch * model.Image.Pixels).Select(i => MathF.Abs(ReferenceCase.Hashed(i, 1001)))],
            ["noise"] = [.. Enumerable.Range(0, Batch * Latent).Select(i => ReferenceCase.Hashed(i, 1002) * 1.5f)],
        };
        for (int mask = 0; mask < model.Dropout?.Masks.Count; mask++)
        {
            float rate = (float)Fields["dropout"].GetDouble(), kept = 1f / (1f - rate);
            inputs[DropoutMasks.NameOf(mask)] = [.. Enumerable.Range(0, Batch * model.Dropout.Masks[mask]).Select(
                i => MathF.Abs(ReferenceCase.Hashed(i, 2000 + mask)) < rate ? 0f : kept)];
        }

        return inputs;
    }

    public override string ToString() =>
        $"{Architecture} {string.Join(' ', Fields.Select(field => $"{field.Key}={field.Value.GetRawText()}"))}";

    private static object Value(FieldKind kind, JsonElement value) => kind switch
    {
        FieldKind.Number => value.GetDouble(),
        FieldKind.Integer => value.GetInt64(),
        FieldKind.Text => value.GetString()!,
        FieldKind.IntegerList => (IReadOnlyList<long>)[.. value.EnumerateArray().Select(item => item.GetInt64())],
        FieldKind.Layers => (IReadOnlyList<IReadOnlyDictionary<string, long>>)[.. value.EnumerateArray().Select(
            layer => layer.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64()))],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
    };

    private static NetworkCase[] Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "PyTorch", "networks.json");
        return JsonSerializer.Deserialize<File>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web)!.Cases;
    }
}
