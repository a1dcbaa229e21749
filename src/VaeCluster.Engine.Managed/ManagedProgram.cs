using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Engine.Managed;

/// <summary>A graph compiled for a number of examples: a list of steps over memory that is planned once.</summary>
internal sealed unsafe class ManagedProgram : IProgram
{
    private readonly ProgramPlan _plan;
    private readonly ProgramContext _context;
    private readonly int _length;
    private readonly Action<int> _announce;
    private int _final;

    internal ManagedProgram(Graph graph, ManagedWeights weights, int examples, bool gradients, int shards)
    {
        CheckShards(examples, shards);
        if (gradients && graph.Loss is null) throw new ArgumentException("the graph has no loss", nameof(gradients));
        Examples = examples;
        _length = graph.Parameters.Length;
        _context = new ProgramContext(weights, examples, shards);
        _plan = new ProgramPlan(graph, _context, gradients);
        _context.Scratch.Reserve();
        _announce = Announce;
    }

    /// <inheritdoc/>
    public int Examples { get; }

    /// <inheritdoc/>
    public Action<int>? GradientFinal { get; set; }

    /// <summary>Refuses a number of shards that does not divide the batch.</summary>
    internal static void CheckShards(int examples, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        if (shards < 1 || !int.IsPow2(shards) || examples % shards != 0)
            throw new ArgumentException(
                $"the number of shards, {shards}, must be a power of two that divides the {examples} examples", nameof(shards));
    }

    /// <summary>Refuses a gradient vector of the wrong length, since kernels write to it without further checks.</summary>
    internal static void CheckLength(ReadOnlySpan<float> gradient, int length)
    {
        if (gradient.Length != length)
            throw new ArgumentException($"the vector has {gradient.Length} elements, but the layout has {length}", nameof(gradient));
    }

    /// <inheritdoc/>
    public Span<float> Input(string name)
    {
        InputStep input = _plan.Inputs[name];
        return new Span<float>(input.Rows, Examples * input.Size);
    }

    /// <inheritdoc/>
    public void SetScalar(string name, float value) => _plan.Scalars[name].Number = value;

    /// <inheritdoc/>
    public void Forward()
    {
        foreach (Step step in _plan.Steps) step.Forward();
    }

    /// <inheritdoc/>
    public void Backward(Span<float> gradient, bool add)
    {
        if (_plan.Loss is not { } loss) throw new InvalidOperationException("the program was compiled without gradients");
        CheckLength(gradient, _length);
        foreach (Value value in _plan.Cleared) new Span<float>(value.Gradient, value.GradientLength).Clear();
        new Span<float>(loss.Gradient, loss.GradientLength).Fill(1f);
        if (!add)
        {
            foreach (ParameterSlice slice in _plan.Unused) slice.Of(gradient).Clear();
        }

        fixed (float* flat = gradient)
        {
            Action<int>? announce = add || GradientFinal is null ? null : _announce;
            _final = _length;
            for (int i = _plan.Steps.Length - 1; i >= 0; i--)
            {
                if (_plan.HasBackward[i]) _plan.Steps[i].Backward(new GradientTarget(flat, add, _plan.FinalFrom[i], announce));
                announce?.Invoke(_plan.FinalFrom[i]);
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Output(string name) => _plan.Outputs[name].Read();

    /// <inheritdoc/>
    public void Dispose() => _context.Arena.Dispose();

    private void Announce(int first)
    {
        if (first >= _final) return;
        _final = first;
        GradientFinal?.Invoke(first);
    }
}
