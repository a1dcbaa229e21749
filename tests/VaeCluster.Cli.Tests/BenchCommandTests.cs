using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public class BenchCommandTests
{
    [Fact]
    public async Task The_bench_measures_products_and_the_step_of_each_model()
    {
        Terminal result = await Terminal.RunAsync("bench", "--threads", "2", "--seconds", "1", "--json");
        Assert.Equal(0, result.Code);
        using var answer = JsonDocument.Parse(result.Output);
        JsonElement root = answer.RootElement;
        Assert.True(root.GetProperty("peakGigaflopsPerSecond").GetDouble() > 0);

        // Four layers with three products each, but for the gradient of the images.
        Assert.Equal(11, root.GetProperty("products").GetArrayLength());
        JsonElement[] steps = [.. root.GetProperty("steps").EnumerateArray()];
        Assert.Equal(
            [("mlp", 1), ("mlp", 2), ("burgess", 1), ("burgess", 2)],
            steps.Select(step => (step.GetProperty("model").GetString()!, step.GetProperty("threads").GetInt32())));
        Assert.All(steps, step => Assert.True(step.GetProperty("samplesPerSecond").GetDouble() > 0));
    }

    [Fact]
    public async Task The_bench_prints_tables_for_people()
    {
        Terminal result = await Terminal.RunAsync("bench", "--threads", "1", "--seconds", "1");
        Assert.Equal(0, result.Code);
        Assert.Contains("MLP 784-400-20", result.Output, StringComparison.Ordinal);
        Assert.Contains("Burgess conv 64×64", result.Output, StringComparison.Ordinal);
        Assert.Contains("784×400×128", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bench_can_be_stopped()
    {
        Terminal result = await Terminal.RunAsync(new CancellationToken(canceled: true), "bench", "--seconds", "60");
        Assert.Equal(130, result.Code);
    }
}
