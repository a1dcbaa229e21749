using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Service.Tests.Sweeps;

public sealed class SweepTailTests
{
    [Fact]
    public void Lines_are_returned_once_in_order_also_when_one_tail_continues_another()
    {
        using var folder = new TemporaryFolder();
        var sweep = new SweepFolder(folder.Path);
        Assert.Empty(new SweepTail(sweep, 0).Read());
        Write(sweep, "{\"kind\":\"begin\"}\n{\"kind\":\"score\"}\nno json\n{\"kind\":\"ended\"}\n{\"kind\":\"fin");
        var whole = new SweepTail(sweep, 0);
        Assert.Equal([(1, "begin"), (2, "score"), (4, "ended")], Names(whole.Read()));
        Assert.Empty(whole.Read());

        // Two lines per call, each call with a new tail.
        const int Bytes = 20;
        (long after, long offset) = (0, 0);
        var found = new List<(long, string)>();
        for (int call = 0; call < 4; call++)
        {
            var tail = new SweepTail(sweep, after, offset);
            IReadOnlyList<SweepEvent> lines = tail.Read(Bytes);
            Assert.InRange(lines.Count, 0, 2);
            found.AddRange(Names(lines));
            (after, offset) = (found[^1].Item1, tail.Offset);
        }

        Assert.Equal([(1, "begin"), (2, "score"), (4, "ended")], found);
        File.AppendAllText(sweep.LogPath, "ish\"}\n");
        Assert.Equal([(5, "finish")], Names(new SweepTail(sweep, after, offset).Read()));
        Assert.Equal([(5, "finish")], Names(whole.Read()));
    }

    [Fact]
    public void A_tail_finds_the_end_of_a_line_given_by_number()
    {
        using var folder = new TemporaryFolder();
        var sweep = new SweepFolder(folder.Path);
        Write(sweep, "{\"kind\":\"begin\"}\n");
        var ahead = new SweepTail(sweep, 2);
        Assert.Empty(ahead.Read());
        Assert.Equal(0, ahead.Offset);
        File.AppendAllText(sweep.LogPath, "{\"kind\":\"score\"}\nno json\n");
        Assert.Empty(ahead.Read());
        Assert.Equal("{\"kind\":\"begin\"}\n{\"kind\":\"score\"}\n".Length, ahead.Offset);
        File.AppendAllText(sweep.LogPath, "{\"kind\":\"finish\"}\n");
        Assert.Equal([(4, "finish")], Names(new SweepTail(sweep, 2, ahead.Offset).Read()));
    }

    private static void Write(SweepFolder sweep, string log) => File.WriteAllText(sweep.LogPath, log);

    private static IEnumerable<(long Position, string Kind)> Names(IEnumerable<SweepEvent> lines) =>
        lines.Select(line => (line.Position, line.Kind));
}
