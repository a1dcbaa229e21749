using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Distributed.Tests.Exploration;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests;

/// <summary>The fence at a silo's tensor port: nothing of another generation than the one that is open gets in.</summary>
public sealed class FenceTests : IDisposable
{
    private static readonly RunTicket Ticket = new("run", "", "");
    private static readonly SiloEndpoint Address = new("a", 1);

    private readonly LocalSilo _silo = new(new LocalSiloOptions { Address = Address, Post = new Nowhere() });
    private readonly object _connection = new();

    public static TheoryData<TensorKind> Kinds => [.. Enum.GetValues<TensorKind>()];

    public void Dispose() => _silo.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tensor_of_another_generation_is_ignored_whatever_its_kind(TensorKind kind)
    {
        Open(2);
        Assert.True(_silo.Accept(_connection, Header(kind, 1)).IsEmpty);
        Assert.True(_silo.Accept(_connection, Header(kind, 3)).IsEmpty);
        if (kind is not TensorKind.Weights) Assert.False(_silo.Accept(_connection, Header(kind, 2)).IsEmpty);
    }

    [Fact]
    public void A_gradient_whose_last_piece_arrives_after_its_generation_does_not_count()
    {
        Open(2);
        TensorHeader late = Header(TensorKind.Gradient, 2);
        Assert.False(_silo.Accept(_connection, late).IsEmpty);
        Open(3);
        _silo.Received(_connection, late);
        Assert.Equal([0, 1, 2, 3], _silo.Missing(Ticket.Id, 3, range: 0, step: 1));

        Send(Header(TensorKind.Gradient, 3));
        Assert.Equal([1, 2, 3], _silo.Missing(Ticket.Id, 3, range: 0, step: 1));
    }

    [Fact]
    public async Task A_decision_of_another_generation_closes_no_step()
    {
        Open(2);
        for (int shard = 0; shard < Arithmetic.Shards; shard++)
            Send(Header(TensorKind.Gradient, 2) with { Part = TreeNode.Leaf(shard).HeapIndex(Arithmetic.Shards) });
        foreach (int generation in (int[])[1, 3])
        {
            _silo.Tell(Address, 0, Ticket.Key, Decision(generation));
            Assert.NotNull(await RootOfTheFirstStep());
        }

        _silo.Tell(Address, 0, Ticket.Key, Decision(2));
        await Assert.ThrowsAsync<InvalidOperationException>(RootOfTheFirstStep);
    }

    // There is none any more once the step is closed.
    private Task<RangeGradient?> RootOfTheFirstStep() => _silo.AwaitAsync(Ticket.Id, 2, range: 0, step: 1, TimeSpan.FromMinutes(1));

    [Fact]
    public void A_run_with_the_name_of_a_deleted_one_begins_at_its_own_first_generation()
    {
        Open(7);
        Assert.Throws<StaleGenerationException>(() => Open(1));
        _silo.Drop(Ticket.Id);
        Assert.True(_silo.Accept(_connection, Header(TensorKind.Gradient, 7)).IsEmpty);
        Open(1);
        Assert.False(_silo.Accept(_connection, Header(TensorKind.Gradient, 1)).IsEmpty);
    }

    private static UpdateDecision Decision(int generation) => new(generation, 1, Apply: true, new UpdateStep(1, 1, 1));

    private static TensorHeader Header(TensorKind kind, int generation) => new()
    {
        Kind = kind,
        Run = Ticket.Key,
        Generation = generation,
        Step = kind is TensorKind.Restore or TensorKind.Snapshot ? 0 : 1,
        Part = kind == TensorKind.Gradient ? TreeNode.Leaf(0).HeapIndex(Arithmetic.Shards) : 0,
        Count = Arithmetic.Length,
        Total = Arithmetic.Length,
    };

    private void Open(int generation)
    {
        var range = new BlockRange(0, 0, 1, 0, Arithmetic.Length);
        _silo.Open(new RangeOpening(Ticket, generation, 1, 0, 0, [Address], Address), range, Arithmetic.Shards, new Arithmetic());
        _silo.Expect(Ticket, generation, new SnapshotSink(0, [range], [new float[Arithmetic.Length]]));
    }

    private void Send(TensorHeader header)
    {
        _silo.Accept(_connection, header).Span.Fill(1);
        _silo.Received(_connection, header);
    }

    private sealed class Nowhere : ITensorPost
    {
        public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent) =>
            sent?.Invoke(null);
    }
}
