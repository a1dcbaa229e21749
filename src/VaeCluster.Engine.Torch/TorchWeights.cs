using System.Diagnostics;
using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Torch.Memory;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch;

/// <summary>The flat vector: on the CPU libtorch reads it where it is written, for a GPU it is copied there part by part.</summary>
internal sealed class TorchWeights : IEngineWeights
{
    // 4 MiB: large enough for a copy to run at full speed, small enough for the first to leave early.
    private const int PartLength = 1 << 20;

    private readonly ParameterLayout _layout;
    private readonly HostVector _host;
    private readonly (Tensor Host, Tensor Device)[] _parts;

    internal TorchWeights(TorchEngine engine, ParameterLayout layout)
    {
        Engine = engine;
        _layout = layout;
        _host = HostVector.Create(layout.Length, pageLocked: engine.Device.IsCuda);
        Device = engine.Device.IsCuda
            ? zeros(layout.Length, ScalarType.Float32, engine.TorchDevice).DetachFromDisposeScope()
            : _host.Tensor;
        _parts = engine.Device.IsCuda ? [.. Enumerable.Range(0, (layout.Length + PartLength - 1) / PartLength).Select(Part)] : [];
    }

    /// <inheritdoc/>
    public Memory<float> Flat => _host.Memory;

    /// <inheritdoc/>
    public int Parts => _parts.Length;

    /// <summary>The engine.</summary>
    internal TorchEngine Engine { get; }

    /// <summary>The flat vector where operations read it, float32.</summary>
    internal Tensor Device { get; }

    /// <inheritdoc/>
    public IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1)
    {
        if (graph.Parameters != _layout) throw new ArgumentException("the graph is of another layout", nameof(graph));
        if (gradients && graph.Loss is null) throw new ArgumentException("the graph has no loss", nameof(gradients));
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        if (shards < 1 || !int.IsPow2(shards) || examples % shards != 0)
            throw new ArgumentException($"{shards} shards are no power of two that divides {examples} examples", nameof(shards));
        return new TorchProgram(graph, this, examples, gradients, shards);
    }

    /// <inheritdoc/>
    public void Prepare(int part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, _parts.Length);
        long start = Stopwatch.GetTimestamp();

        // Queued: it is there before the next operation, and the vector is not written again before that has been waited for.
        _parts[part].Device.copy_(_parts[part].Host, nonBlocking: true);
        Engine.Clock.AddCopy(Stopwatch.GetTimestamp() - start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Tensor host, Tensor device) in _parts)
        {
            host.Dispose();
            device.Dispose();
        }

        Device.Dispose();
        _host.Dispose();
    }

    private (Tensor Host, Tensor Device) Part(int part)
    {
        int offset = part * PartLength, length = Math.Min(PartLength, _layout.Length - offset);
        return (_host.Tensor.narrow(0, offset, length).DetachFromDisposeScope(), Device.narrow(0, offset, length).DetachFromDisposeScope());
    }
}
