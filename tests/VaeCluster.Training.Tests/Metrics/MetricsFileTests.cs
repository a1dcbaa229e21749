using System.Text.Json;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Metrics;

public sealed class MetricsFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Lines_after_the_step_and_a_torn_last_line_are_dropped()
    {
        File.WriteAllText(_path,
            "{\"kind\":\"step\",\"step\":1}\n{\"kind\":\"step\",\"step\":2}\n{\"kind\":\"epoch\",\"step\":2}\n{\"kind\":\"step\",\"step\":3}\n{\"kind\":\"st");
        MetricsFile.CutBack(_path, 2);
        Assert.Equal("{\"kind\":\"step\",\"step\":1}\n{\"kind\":\"step\",\"step\":2}\n{\"kind\":\"epoch\",\"step\":2}\n",
            File.ReadAllText(_path));
    }

    [Fact]
    public void A_torn_line_that_is_not_after_the_step_goes_too()
    {
        File.WriteAllText(_path, "{\"kind\":\"step\",\"step\":1}\n{\"kind\":\"step\",\"step\":2");
        MetricsFile.CutBack(_path, 2);
        Assert.Equal("{\"kind\":\"step\",\"step\":1}\n", File.ReadAllText(_path));
    }

    [Fact]
    public void A_whole_log_stays_as_it_is_over_many_buffers()
    {
        string text = string.Concat(Enumerable.Range(1, 20_000).Select(step => $"{{\"kind\":\"step\",\"step\":{step},\"loss\":1.5}}\n"));
        File.WriteAllText(_path, text);
        MetricsFile.CutBack(_path, 20_000);
        Assert.Equal(text, File.ReadAllText(_path));
        MetricsFile.CutBack(_path, 10_000);
        Assert.Equal(10_000, File.ReadAllLines(_path).Length);
        MetricsFile.CutBack(_path, 0);
        Assert.Empty(File.ReadAllText(_path));
    }

    [Fact]
    public void A_missing_log_stays_missing()
    {
        File.Delete(_path);
        MetricsFile.CutBack(_path, 5);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void What_a_coordinator_that_was_replaced_still_writes_goes_nowhere()
    {
        using var old = new MetricsLog(_path, TimeProvider.System);
        Write(old, 1, 2, 3);
        MetricsFile.Renew(_path, 2, () => { });
        Write(old, 4, 5);
        Assert.Equal([1, 2], Steps());
    }

    [Fact]
    public void A_coordinator_that_was_replaced_before_it_began_leaves_the_log_alone()
    {
        File.WriteAllText(_path, "{\"kind\":\"step\",\"step\":1}\n{\"kind\":\"step\",\"step\":2}\n");
        Assert.Throws<StaleGenerationException>(() => MetricsFile.Renew(_path, 1, () => throw new StaleGenerationException(7, 8)));
        Assert.Equal([1, 2], Steps());
        Assert.Equal([_path], Directory.GetFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*"));
    }

    [Fact]
    public void Lines_that_a_slow_predecessor_put_its_file_over_come_back()
    {
        using (var log = new MetricsLog(_path, TimeProvider.System))
        {
            Write(log, 1, 2, 3);
            MetricsFile.Renew(_path, 1, () => { });
            Write(log, 4);
            Assert.Throws<StaleGenerationException>(() => log.KeepInPlace(() => throw new StaleGenerationException(7, 8)));
            Assert.Equal([1], Steps());
            log.KeepInPlace(() => { });
            Assert.Equal([1, 2, 3, 4], Steps());
            log.KeepInPlace(() => Assert.Fail("nothing is to be put back"));
            Write(log, 5);
        }

        Assert.Equal([1, 2, 3, 4, 5], Steps());
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_null()
    {
        using (var log = new MetricsLog(_path, TimeProvider.System))
        {
            log.Write(Record(3));
        }

        JsonElement line = JsonDocument.Parse(File.ReadAllText(_path)).RootElement;
        Assert.Equal(JsonValueKind.Null, line.GetProperty("loss").ValueKind);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("elbo").ValueKind);
        Assert.Equal(2.5, line.GetProperty("kl").GetDouble());
        Assert.True(line.GetProperty("skipped").GetBoolean());
        Assert.Equal("step", line.GetProperty("kind").GetString());
    }

    private static void Write(MetricsLog log, params int[] steps)
    {
        foreach (int step in steps) log.Write(Record(step));
        log.Publish();
    }

    private static StepRecord Record(int step) => new()
    {
        Step = step,
        Epoch = 1,
        Loss = double.NaN,
        Reconstruction = double.PositiveInfinity,
        Kl = 2.5,
        Beta = 1,
        LearningRate = 0.001,
        GradientNorm = 7,
        SamplesPerSecond = 10,
        Skipped = true,
    };

    private IEnumerable<int> Steps() =>
        File.ReadLines(_path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()).ToArray();
}
