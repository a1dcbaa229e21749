using VaeCluster.Training.Metrics;

namespace VaeCluster.Training.Tests.Metrics;

public sealed class DamagedLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("{\"ste", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData("{\"\\ud800\":1}", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData("{\"kind\":\"\\ud800\",\"step\":4}", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData("{\"kind\":\"step\",\"step\":4", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData("\0\0\0\0", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData("", "1 line could not be read; 1 of 9 steps is missing, the first is step 4")]
    [InlineData(null, "1 of 9 steps is missing, the first is step 4")]
    public void One_lost_line_in_the_middle_costs_no_other_and_is_told(string? damage, string told)
    {
        string[] lines = [.. Enumerable.Range(1, 9).Where(step => damage is not null || step != 4).Select(step => step == 4 ? damage! : Line(step))];
        File.WriteAllLines(_path, [.. lines, Line(10)]);
        MetricsLosses losses = MetricsFile.CutBack(_path, 9);
        Assert.Equal($"metrics.jsonl is damaged: {told}; the other lines are kept", losses.Describe());
        Assert.Equal([.. Enumerable.Range(1, 9).Where(step => step != 4).Select(Line)], File.ReadAllLines(_path));
    }

    [Fact]
    public void Doubled_lines_are_kept_once()
    {
        string[] block = [Line(1), Line(2), "{\"kind\":\"epoch\",\"step\":2}", Evaluation(2, "validation"), Evaluation(2, "test")];
        File.WriteAllLines(_path, [.. block, .. block, Line(3), Line(3), Line(4)]);
        Assert.Equal(
            "metrics.jsonl is damaged: 6 lines were doubled or out of order; the other lines are kept", MetricsFile.CutBack(_path, 4).Describe());
        Assert.Equal([.. block, Line(3), Line(4)], File.ReadAllLines(_path));
    }

    [Fact]
    public void Lines_that_were_deleted_are_counted()
    {
        File.WriteAllLines(_path, [Line(2), Line(3), Line(7)]);
        Assert.Equal((9, 0, 0, 6, 1), Counts(MetricsFile.CutBack(_path, 9)));
        File.WriteAllLines(_path, []);
        Assert.Equal("metrics.jsonl has no line of the 1,872 steps that are done", MetricsFile.CutBack(_path, 1872).Describe());
        File.Delete(_path);
        Assert.Equal("metrics.jsonl has no line of the 3 steps that are done", MetricsFile.CutBack(_path, 3).Describe());
    }

    [Fact]
    public void What_a_crash_leaves_behind_the_checkpoint_is_no_loss()
    {
        File.WriteAllText(_path, $"{Line(1)}\n{Line(2)}\n{Line(3)}\n\0\0\0\n{{\"kind\":\"st");
        Assert.Null(MetricsFile.CutBack(_path, 2).Describe());
        Assert.Equal([Line(1), Line(2)], File.ReadAllLines(_path));
        File.WriteAllText(_path, $"{Line(1)}\n{Line(2)}\n\0\0\0\n");
        Assert.Null(MetricsFile.CutBack(_path, 2).Describe());
        Assert.Null(MetricsFile.CutBack(_path, 0).Describe());
    }

    [Fact]
    public void A_line_of_many_megabytes_is_one_line_that_cannot_be_read()
    {
        File.WriteAllText(_path, $"{Line(1)}\n{new string('x', 5 << 20)}\n{Line(3)}\n");
        Assert.Equal((3, 1, 0, 1, 2), Counts(MetricsFile.CutBack(_path, 3)));
        Assert.Equal([Line(1), Line(3)], File.ReadAllLines(_path));
    }

    [Fact]
    public void Readers_pass_over_what_cannot_be_read()
    {
        File.WriteAllLines(_path, [Line(1), "{\"\\ud800\":1}", "rubbish", Line(2), "{\"kind\":\"step\",\"step\":9,\"x\":\"\\ud800\"}", Line(10)]);
        using var tail = new MetricsTail(_path, MetricsPosition.Start);
        var steps = new List<int>();
        while (tail.TryRead(out MetricsLine line)) steps.Add(line.Position.Step);
        Assert.Equal([1, 2, 9, 10], steps);
        Assert.Equal(10, MetricsSearch.LastStep(_path));

        using var later = new MetricsTail(_path, MetricsPosition.Before(2));
        Assert.True(later.TryRead(out MetricsLine first));
        Assert.Equal(2, first.Position.Step);

        File.AppendAllText(_path, "{\"\\ud800\":1}\n");
        Assert.Equal(10, MetricsSearch.LastStep(_path));
    }

    private static (int, int, int, int, int) Counts(MetricsLosses losses) =>
        (losses.Steps, losses.Unreadable, losses.Doubled, losses.Missing, losses.FirstMissing);

    private static string Line(int step) => $"{{\"kind\":\"step\",\"step\":{step},\"epoch\":1,\"loss\":1.5,\"elbo\":-1.5}}";

    private static string Evaluation(int step, string split) => $"{{\"kind\":\"evaluation\",\"step\":{step},\"split\":\"{split}\"}}";
}
