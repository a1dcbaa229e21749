using FsCheck.Fluent;
using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Pieces;
using VaeCluster.Distributed.Silos;
using VaeCluster.Distributed.Tests.Exploration;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Tests;

/// <summary>A tensor that is sent again is whole when each of its elements has been written, whatever pieces came twice.</summary>
public sealed class PieceTests
{
    private static readonly object Old = new(), New = new();

    [Fact]
    public void Elements_are_counted_once_whatever_pieces_they_come_in() => FsCheck.Check.QuickThrowOnFailure(
        Prop.ForAll<(byte Offset, byte Count)[]>(pieces =>
        {
            var set = new PieceSet();
            HashSet<int> elements = [];
            foreach ((byte offset, byte count) in pieces.Where(piece => piece.Count > 0))
            {
                set.Add(offset, count);
                elements.UnionWith(Enumerable.Range(offset, count));
                if (set.Count != elements.Count) return false;
            }

            return true;
        }));

    [Fact]
    public void A_snapshot_of_which_two_connections_bring_the_same_two_pieces_is_not_whole()
    {
        var vector = new float[9];
        var sink = new SnapshotSink(4, [new BlockRange(0, 0, 1, 0, 9)], [vector]);
        foreach (object from in new[] { Old, New, Old, New }.Zip([0, 0, 3, 3]).Select(piece => Piece(sink, piece.First, piece.Second)))
            Assert.False(sink.Complete.IsCompleted, $"{from}");
        Piece(sink, New, 6);
        Assert.True(sink.Complete.IsCompletedSuccessfully);
        Assert.All(vector, value => Assert.Equal(1, value));
    }

    [Fact]
    public void A_snapshot_is_not_whole_while_a_connection_still_writes_to_it()
    {
        var sink = new SnapshotSink(4, [new BlockRange(0, 0, 1, 0, 9)], [new float[9]]);
        Assert.False(sink.Accept(Old, Snapshot(0)).IsEmpty);
        foreach (int offset in (int[])[0, 3, 6]) Piece(sink, New, offset);
        Assert.False(sink.Complete.IsCompleted);
        sink.Closed(Old);
        Assert.True(sink.Complete.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_version_of_the_weights_of_which_pieces_came_twice_is_not_ready_until_all_are_there()
    {
        using var replica = new Replica(new FlatWeights(), Places, lastVersion: 10);
        bool ready = false;
        replica.WhenAt(3, () => ready = true);
        foreach ((object from, int offset) in ((object, int)[])[(Old, 0), (New, 0), (Old, 3), (New, 3)])
        {
            Weights(replica, from, 3, offset);
            Assert.False(ready);
        }

        Weights(replica, New, 3, 6);
        Weights(replica, New, 3, 9);
        Assert.True(ready);
    }

    [Fact]
    public void An_older_version_that_is_still_under_way_changes_nothing()
    {
        using var replica = new Replica(new FlatWeights(), Places, lastVersion: 10);
        Weights(replica, New, 4, 0);
        Assert.True(replica.Accept(Old, Header(3, 3)).IsEmpty);
        Assert.True(replica.Accept(Old, Header(3, 0)).IsEmpty);
        Assert.True(replica.Accept(Old, Header(11, 0)).IsEmpty);
        Assert.True(replica.Accept(Old, Header(int.MaxValue, 0)).IsEmpty);
    }

    [Fact]
    public async Task A_version_waits_for_the_last_piece_of_an_older_one_on_another_connection()
    {
        using var replica = new Replica(new FlatWeights(), Places, lastVersion: 10);
        Assert.False(replica.Accept(Old, Header(3, 0)).IsEmpty);
        using var started = new ManualResetEventSlim();
        bool isOver = false;
        Task<bool> waited = Task.Run(() =>
        {
            started.Set();
            Assert.False(replica.Accept(New, Header(4, 0)).IsEmpty);
            return Volatile.Read(ref isOver);
        });
        started.Wait();
        Volatile.Write(ref isOver, true);
        replica.Received(Old, Header(3, 0));
        Assert.True(await waited);
    }

    private static RangePlace[] Places => [new RangePlace(new BlockRange(0, 0, 1, 0, Arithmetic.Length), new SiloEndpoint("a", 1))];

    private static TensorHeader Snapshot(int offset) => new() { Kind = TensorKind.Snapshot, Step = 4, Offset = offset, Count = 3, Total = 9 };

    private static bool Piece(SnapshotSink sink, object from, int offset)
    {
        TensorHeader header = Snapshot(offset);
        sink.Accept(from, header).Span.Fill(1);
        sink.Received(from, header);
        return sink.Complete.IsCompleted;
    }

    private static TensorHeader Header(int step, int offset) => new()
    {
        Kind = TensorKind.Weights,
        Step = step,
        Offset = offset,
        Count = Math.Min(3, Arithmetic.Length - offset),
        Total = Arithmetic.Length,
    };

    private static void Weights(Replica replica, object from, int step, int offset)
    {
        TensorHeader header = Header(step, offset);
        Assert.False(replica.Accept(from, header).IsEmpty);
        replica.Received(from, header);
    }
}
