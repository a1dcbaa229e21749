using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Engine.Managed;

/// <summary>
/// A graph in which several nodes use the same parameter, for example a decoder that runs once per sample. A shard's gradient is then the
/// sum of these nodes' contributions, and the tree adds such sums; so every shard is a separate program, and the finished vectors are
/// added. So it is for a graph with rows that are not those of the examples, which each shard computes for itself.
/// </summary>
internal sealed class SharedParametersProgram : IProgram
{
    private readonly ManagedProgram[] _shards;
    private readonly float[][] _levels;
    private readonly Dictionary<string, float[]> _inputs;
    private readonly Dictionary<string, float[]> _outputs;

    internal SharedParametersProgram(Graph graph, ManagedWeights weights, int examples, int shards)
    {
        ManagedProgram.CheckShards(examples, shards);
        Examples = examples;
        int rows = examples / shards;
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new ManagedProgram(graph, weights, rows, gradients: true, shards: 1))];

        // One vector for each level of the tree, which holds the left half while the right half is computed, and one for the result.
        _levels = [.. Enumerable.Range(0, int.Log2(shards) + 1).Select(_ => new float[graph.Parameters.Length])];
        _inputs = graph.Inputs.ToDictionary(input => input.Key, input => new float[examples * input.Value.Size], StringComparer.Ordinal);
        _outputs = graph.Outputs.ToDictionary(
            output =>
                output.Key, output => new float[output.Value.Rows(examples) * output.Value.Size], StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public int Examples { get; }

    /// <summary>Whether any parameter of a graph is used by more than one node, or a value has rows of its own.</summary>
    /// <param name="graph">The graph.</param>
    internal static bool IsNeededFor(Graph graph)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return graph.Nodes.Any(node => node.FixedRows is not null)
            || graph.Nodes.SelectMany(node => node.Parameters).Any(slice => !seen.Add(slice.Name));
    }

    /// <inheritdoc/>
    public Span<float> Input(string name) => _inputs[name];

    /// <inheritdoc/>
    public void SetScalar(string name, float value)
    {
        foreach (ManagedProgram shard in _shards) shard.SetScalar(name, value);
    }

    /// <inheritdoc/>
    public void Forward()
    {
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            foreach ((string name, float[] values) in _inputs)
            {
                int length = values.Length / _shards.Length;
                values.AsSpan(shard * length, length).CopyTo(_shards[shard].Input(name));
            }

            _shards[shard].Forward();
        }
    }

    /// <inheritdoc/>
    public void Backward(Span<float> gradient, bool add)
    {
        ManagedProgram.CheckLength(gradient, _levels[0].Length);
        if (!add)
        {
            Sum(gradient, 0, _shards.Length, level: 0);
            return;
        }

        Span<float> finished = _levels[^1];
        Sum(finished, 0, _shards.Length, level: 0);
        VectorSum.Add(gradient, finished, gradient);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Output(string name)
    {
        float[] values = _outputs[name];
        int at = 0;
        foreach (ManagedProgram shard in _shards)
        {
            ReadOnlySpan<float> part = shard.Output(name);
            if (at + part.Length > values.Length) break;
            part.CopyTo(values.AsSpan(at));
            at += part.Length;
        }

        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ManagedProgram shard in _shards) shard.Dispose();
    }

    private void Sum(Span<float> target, int first, int count, int level)
    {
        if (count == 1)
        {
            _shards[first].Backward(target, add: false);
            return;
        }

        Span<float> left = _levels[level];
        Sum(left, first, count / 2, level + 1);
        Sum(target, first + (count / 2), count / 2, level + 1);
        VectorSum.Add(left, target, target);
    }
}
