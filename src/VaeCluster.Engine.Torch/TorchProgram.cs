using System.Diagnostics;
using VaeCluster.Core.Reduction;
using VaeCluster.Engine.Torch.Execution;
using VaeCluster.Engine.Torch.Memory;
using VaeCluster.Engine.Torch.Runtime;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch;

/// <summary>
/// A graph for a number of examples. With gradients, forward and backward pass of each shard run one after the other in <see
/// cref="Forward"/>, while its values are still in the caches; a GPU is given all of it before anybody waits. <see cref="Backward"/>
/// hands the sum over.
/// </summary>
internal sealed class TorchProgram : IProgram
{
    // 1 MiB: a bucket worth a message, and a copy of a tenth of a millisecond.
    private const int CopyLength = 1 << 18;

    private readonly TorchWeights _weights;
    private readonly GraphPlan _plan;
    private readonly ShardRun _run;
    private readonly int _shards;
    private readonly Dictionary<string, ShardInput> _inputs;
    private readonly Dictionary<string, Tensor> _uploaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShardOutput> _outputs;
    private readonly GradientTree? _tree;
    private readonly LayoutViews? _parameters;
    private readonly HostVector? _gradient;
    private readonly Action<int, LayoutViews> _shard;
    private bool _hasGradient;
    private bool _isPending;
    private bool _isDisposed;

    internal TorchProgram(Graph graph, TorchWeights weights, int examples, bool gradients, int shards)
    {
        _weights = weights;
        _shards = shards;
        Examples = examples;
        int rows = examples / shards;
        TorchDevice device = weights.Engine.Device;
        bool cast = weights.Engine.Precision == TorchPrecision.BFloat16;
        _plan = new GraphPlan(graph, cast);
        _run = new ShardRun(_plan, rows, weights.Engine.ChannelsLast);
        _inputs = graph.Inputs.ToDictionary(
            input => input.Key, input => new ShardInput(shards, rows, input.Value.Size, device), StringComparer.Ordinal);
        _outputs = graph.Outputs.ToDictionary(
            output => output.Key, output => new ShardOutput(output.Value, shards, rows, device.IsCuda), StringComparer.Ordinal);
        LayoutViews Views() => new(weights.Device, _plan.Parameters, gradients, cast ? ScalarType.BFloat16 : null);
        if (gradients) _tree = new GradientTree(shards, Views);
        else _parameters = Views();
        if (gradients && device.IsCuda) _gradient = HostVector.Create(graph.Parameters.Length, pageLocked: true);
        _shard = RunShard;
    }

    /// <inheritdoc/>
    public int Examples { get; }

    /// <inheritdoc/>
    public Action<int>? GradientFinal { get; set; }

    /// <inheritdoc/>
    public Span<float> Input(string name)
    {
        // A queued copy may still read what the caller is about to overwrite.
        Settle();
        return _inputs[name].Span;
    }

    /// <inheritdoc/>
    public void SetScalar(string name, float value) => _run.SetScalar(name, value);

    /// <inheritdoc/>
    public void Forward()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        TorchRuntime.Enter();
        long start = Stopwatch.GetTimestamp();
        _hasGradient = false;
        if (_tree is not null)
        {
            _tree.Sum(_shard);
            _gradient?.Tensor.copy_(_tree.Total, nonBlocking: true);
            _hasGradient = true;
        }
        else
        {
            _parameters!.Forget();
            for (int shard = 0; shard < _shards; shard++) RunShard(shard, _parameters);
        }

        _isPending = _weights.Engine.Device.IsCuda;
        _weights.Engine.Clock.AddCompute(Stopwatch.GetTimestamp() - start);
    }

    /// <inheritdoc/>
    public void Backward(Span<float> gradient, bool add)
    {
        if (_tree is null) throw new InvalidOperationException("the program was compiled without gradients");
        if (!_hasGradient) throw new InvalidOperationException("there is no gradient before a forward pass");
        if (gradient.Length != _plan.Graph.Parameters.Length)
            throw new ArgumentException($"{gradient.Length} elements for a layout of {_plan.Graph.Parameters.Length}", nameof(gradient));
        Settle();
        long start = Stopwatch.GetTimestamp();
        ReadOnlySpan<float> total = _gradient is null ? NativeFloats.Of(_tree.Total) : _gradient.Memory.Span;
        if (add) GradientSum.Add(gradient, total);
        else CopyFromTheEnd(total, gradient);
        _weights.Engine.Clock.AddCopy(Stopwatch.GetTimestamp() - start);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Output(string name)
    {
        Settle();
        return _outputs[name].Span;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Settle();
        _run.Dispose();
        foreach (ShardInput input in _inputs.Values) input.Dispose();
        foreach (ShardOutput output in _outputs.Values) output.Dispose();
        _tree?.Dispose();
        _parameters?.Dispose();
        _gradient?.Dispose();
    }

    // libtorch finishes the whole gradient before it says so; what is copied can be sent while the rest is.
    private void CopyFromTheEnd(ReadOnlySpan<float> total, Span<float> gradient)
    {
        for (int end = total.Length; end > 0;)
        {
            int first = Math.Max(0, end - CopyLength);
            total[first..end].CopyTo(gradient[first..]);
            GradientFinal?.Invoke(first);
            end = first;
        }
    }

    private void RunShard(int shard, LayoutViews parameters)
    {
        try
        {
            foreach ((string name, ShardInput input) in _inputs) _uploaded[name] = input.Upload(shard);
            _run.Forward(_uploaded, parameters);
            foreach (ShardOutput output in _outputs.Values) output.Take(shard, _run[output.Node]);
            if (_tree is null) return;
            using Tensor sum = _run[_plan.Graph.Loss!].sum();
            sum.backward();
        }
        finally
        {
            _run.Clear();
        }
    }

    private void Settle()
    {
        if (!_isPending) return;
        long start = Stopwatch.GetTimestamp();
        cuda.synchronize(_weights.Engine.TorchDevice);
        _isPending = false;
        _weights.Engine.Clock.AddCompute(Stopwatch.GetTimestamp() - start);
    }
}
