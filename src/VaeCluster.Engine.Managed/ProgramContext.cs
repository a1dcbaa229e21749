using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed;

/// <summary>State shared by the steps of one program during planning.</summary>
internal sealed unsafe class ProgramContext
{
    private readonly Dictionary<Value, RowMajor> _rowMajor;
    private readonly Dictionary<ParameterSlice, SliceClaim> _claims;
    private readonly Dictionary<ParameterSlice, int> _lastWriters;
    private readonly ProgramContext? _whole;
    private int _plannedStep;

    internal ProgramContext(ManagedWeights weights, int examples, int shards)
    {
        (_rowMajor, _claims, _lastWriters) = ([], [], []);
        Weights = weights;
        Examples = examples;
        Tree = new ShardTree(shards, examples / shards);
        Arena = new Arena();
        Products = new MatrixProducts(weights.Kernel, Arena);
        Scratch = new Scratch(Arena);
    }

    private ProgramContext(ProgramContext whole, int rows)
    {
        (_rowMajor, _claims, _lastWriters, _whole) = (whole._rowMajor, whole._claims, whole._lastWriters, whole);
        Weights = whole.Weights;
        Examples = rows;
        Tree = new ShardTree(1, rows);
        Arena = whole.Arena;
        Products = whole.Products;
        Scratch = whole.Scratch;
    }

    internal ManagedWeights Weights { get; }

    internal Arena Arena { get; }

    internal Scratch Scratch { get; }

    internal MatrixProducts Products { get; }

    internal ShardTree Tree { get; }

    /// <summary>Rows of the batch.</summary>
    internal int Examples { get; }

    /// <summary>Examples rounded up to whole vectors.</summary>
    internal int Stride => (Examples + 15) & ~15;

    /// <summary>The step whose backward pass makes a parameter's gradient final; int.MaxValue if there is none.</summary>
    /// <param name="slice">The parameter.</param>
    internal int LastWriter(ParameterSlice slice) => _lastWriters.GetValueOrDefault(slice, int.MaxValue);

    /// <summary>The index of the step being planned.</summary>
    internal int PlannedStep
    {
        get => _whole?.PlannedStep ?? _plannedStep;
        set => _plannedStep = value;
    }

    /// <summary>The same program as steps of a value with rows of its own see it: one shard of that many examples.</summary>
    /// <param name="rows">Its rows.</param>
    internal ProgramContext WithRows(int rows) => new(_whole ?? this, rows);

    /// <summary>Whether a step writes a parameter's gradient.</summary>
    /// <param name="slice">The parameter.</param>
    internal bool IsClaimed(ParameterSlice slice) => _claims.ContainsKey(slice);

    /// <summary>A row-major copy of a value; inputs are row-major already.</summary>
    /// <param name="value">The value.</param>
    internal RowMajor RowMajorOf(Value value)
    {
        if (!_rowMajor.TryGetValue(value, out RowMajor? rows)) _rowMajor.Add(value, rows = new RowMajor(value, Examples, Arena));
        return rows;
    }

    /// <summary>Registers existing row-major memory of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="rows">Its rows.</param>
    internal void SetRowMajor(Value value, RowMajor rows) => _rowMajor.Add(value, rows);

    /// <summary>
    /// Registers that a step writes a parameter's gradient. The backward pass runs in reverse, so the last step planned writes first.
    /// </summary>
    /// <param name="slice">The parameter.</param>
    internal SliceClaim ClaimSlice(ParameterSlice slice)
    {
        _lastWriters.TryAdd(slice, PlannedStep);
        if (_claims.TryGetValue(slice, out SliceClaim? earlier)) earlier.Adds = true;
        return _claims[slice] = new SliceClaim();
    }
}

/// <summary>A step's contribution to the gradient of a parameter.</summary>
internal sealed class SliceClaim
{
    /// <summary>Whether another step writes the gradient first, so that this one adds to it.</summary>
    internal bool Adds { get; set; }
}
