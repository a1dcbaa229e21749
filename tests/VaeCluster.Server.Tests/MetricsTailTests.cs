using System.Text;
using FsCheck.Fluent;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Training.Metrics;

namespace VaeCluster.Server.Tests;

public sealed class MetricsTailTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder["metrics.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_line_is_returned_once_even_if_the_file_is_truncated_and_rewritten()
    {
        // Each number is a session: that many steps from its checkpoint, after which the file is truncated and written again.
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<byte[], byte>((sessions, start) =>
        {
            System.IO.File.Delete(File);
            int from = start % 5, step = 0, furthest = 0;
            using var tail = new MetricsTail(File, MetricsPosition.Before(from));
            var got = new List<string>();
            for (int session = 0; session < sessions.Length; session++)
            {
                step = Math.Max(0, step - (sessions[session] % 7));
                Training.Metrics.MetricsFile.CutBack(File, step);
                for (int i = sessions[session] % 11; i > 0; i--) Append(++step, session);
                if (sessions[session] % 2 == 0 || session == sessions.Length - 1)
                {
                    Drain(tail, got);
                    furthest = Math.Max(furthest, step);
                }
            }

            return got.SequenceEqual(Enumerable.Range(1, furthest).Where(s => s >= from).SelectMany(LinesOf));
        }));
    }

    [Fact]
    public void An_incomplete_line_is_not_returned_until_it_is_complete()
    {
        using var tail = new MetricsTail(File, MetricsPosition.Start);
        Assert.False(tail.TryRead(out _));
        System.IO.File.WriteAllText(File, "{\"kind\":\"step\",\"st");
        Assert.False(tail.TryRead(out _));
        System.IO.File.AppendAllText(File, "ep\":1}\n");
        Assert.True(tail.TryRead(out MetricsLine line));
        Assert.Equal("{\"kind\":\"step\",\"step\":1}", Encoding.UTF8.GetString(line.Json.Span));
        Assert.False(tail.TryRead(out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(19_999)]
    public void A_position_in_a_long_file_is_found_from_any_step(int step)
    {
        System.IO.File.WriteAllLines(File, Enumerable.Range(1, 20_000).SelectMany(LinesOf).Select(id => Line(id, 0).TrimEnd('\n')));
        using var tail = new MetricsTail(File, MetricsPosition.Before(step));
        Assert.True(tail.TryRead(out MetricsLine first));
        Assert.Equal(new MetricsPosition(step, 0), first.Position);
        Assert.Equal(20_000, MetricsSearch.LastStep(File));
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_read_completely()
    {
        string json = $"{{\"kind\":\"evaluation\",\"step\":1,\"text\":\"{new string('x', 300_000)}\"}}";
        System.IO.File.WriteAllText(File, $"{json}\n{Line("2.0", 0)}");
        using var tail = new MetricsTail(File, MetricsPosition.Start);
        Assert.True(tail.TryRead(out MetricsLine line));
        Assert.Equal(json.Length, line.Json.Length);
        Assert.True(tail.TryRead(out line));
        Assert.Equal(2, line.Position.Step);
    }

    private static void Drain(MetricsTail tail, List<string> got)
    {
        while (tail.TryRead(out MetricsLine line)) got.Add(line.Position.ToString());
    }

    private static IEnumerable<string> LinesOf(int step) => step % 3 == 0 ? [$"{step}.0", $"{step}.1"] : [$"{step}.0"];

    private static string Line(string id, int session) =>
        $"{{\"kind\":\"{(id.EndsWith(".0", StringComparison.Ordinal) ? "step" : "epoch")}\",\"step\":{id.Split('.')[0]},\"session\":{session}}}\n";

    private void Append(int step, int session)
    {
        foreach (string id in LinesOf(step)) System.IO.File.AppendAllText(File, Line(id, session));
    }
}
