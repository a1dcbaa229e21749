using System.Text.Json;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Optimizers;

/// <summary>Compares every optimiser and the moving average with PyTorch; see make_optimizers.py.</summary>
public sealed class PyTorchTests
{
    private static readonly Reference File = JsonSerializer.Deserialize<Reference>(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PyTorch", "optimizers.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, File.Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Weights_and_their_average_match_PyTorch(int number)
    {
        Case expected = File.Cases[number];
        IOptimizer optimizer = OptimizerFactory.Create(new TrainingSpec
        {
            Optimizer = new MemberSpec(expected.Name, expected.Fields.ToDictionary(field => field.Key, field => ValueOf(field.Value))),
            Average = new MemberSpec("ema", new Dictionary<string, object> { ["decay"] = File.Decay }),
        });
        float[] weights = Array.ConvertAll(File.Start, value => (float)value);
        Memory<float>[] moments = [.. Enumerable.Range(0, optimizer.Moments).Select(_ => new float[weights.Length].AsMemory())];
        for (int t = 0; t < File.Gradients.Length; t++)
        {
            // Gradients are sums over the batch, here of 8.
            float[] sum = Array.ConvertAll(File.Gradients[t], value => 8f * (float)value);
            optimizer.Update(weights, sum, new MomentSpans(moments), new UpdateStep(1f / 8, (float)File.LearningRate, t + 1));
        }

        for (int i = 0; i < weights.Length; i++)
        {
            Assert.Equal(expected.Weights[i], weights[i], 1e-5);
            Assert.Equal(expected.Average[i], moments[optimizer.Average!.Value].Span[i], 1e-5);
        }
    }

    [Fact]
    public void Every_optimizer_has_a_case() =>
        Assert.Equal(OptimizerFactory.Members.Select(member => member.Name).Order(), File.Cases.Select(one => one.Name).Distinct().Order());

    private static object ValueOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : value.GetDouble();

    private sealed record Case(string Name, Dictionary<string, JsonElement> Fields, double[] Weights, double[] Average);

    private sealed record Reference(double LearningRate, double Decay, double[] Start, double[][] Gradients, Case[] Cases);
}
