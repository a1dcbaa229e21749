using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Layers;

/// <summary>
/// A fully connected layer. Since the examples of a feature are adjacent, Y = W·X and ∂X = Wᵀ·∂Y read W directly from the flat vector;
/// ∂W = ∂Y·Xᵀ sums over examples and reads a row-major copy of X.
/// </summary>
internal sealed unsafe class DenseStep : Step
{
    // Elements of the weights' gradient announced together: enough for one message, few enough to overlap sending with computing.
    private const int Announced = 1 << 17;

    private readonly DenseOperation _operation;
    private readonly MatrixProducts _products;
    private readonly ManagedWeights _weights;
    private readonly ShardTree _tree;
    private readonly Value _x;
    private readonly Value _y;
    private readonly RowMajor? _rows;
    private readonly SliceClaim? _weightClaim;
    private readonly SliceClaim? _biasClaim;
    private readonly float[]? _mask;
    private readonly float* _masked;
    private readonly float* _maskedGradient;

    /// <summary>Plans the layer.</summary>
    /// <param name="operation">Weights and activation.</param>
    /// <param name="context">The program.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    internal DenseStep(DenseOperation operation, ProgramContext context, Value x, Value y)
    {
        _operation = operation;
        _products = context.Products;
        _weights = context.Weights;
        _tree = context.Tree;
        (_x, _y) = (x, y);
        if (operation.Mask is { } mask)
        {
            _mask = mask.ToArray();
            _masked = context.Arena.Reserve(_mask.Length);
            if (y.HasGradient) _maskedGradient = context.Arena.Reserve(_mask.Length);
        }

        if (!y.HasGradient) return;
        _rows = context.RowMajorOf(x);
        _weightClaim = context.ClaimSlice(operation.Weight);
        _biasClaim = context.ClaimSlice(operation.Bias);
    }

    private int Outputs => _operation.Weight.Shape[0];

    private int Inputs => _operation.Weight.Shape[1];

    internal override void Forward()
    {
        float* w = MaskedWeights(), bias = Pointer(_operation.Bias);
        _products.Multiply(new ProductPlan
        {
            A = w,
            ARow = Inputs,
            AStep = 1,
            B = _x.Data,
            BStep = _x.Stride,
            C = _y.Data,
            CRow = _y.Stride,
            M = Outputs,
            N = _y.Stride,
            K = Inputs,
        });
        for (int row = 0; row < Outputs; row++)
            ActivationRow.Apply(_operation.Activation, _y.Data + ((nint)row * _y.Stride), _y.Stride, bias[row]);
    }

    internal override void Backward(in GradientTarget target)
    {
        if (_rows is null) return;
        for (int row = 0; row < Outputs; row++)
        {
            float* dy = _y.Gradient + ((nint)row * _y.Stride);
            ActivationRow.Differentiate(_operation.Activation, _y.Data + ((nint)row * _y.Stride), dy, _y.Stride);
            target.Put(_operation.Bias, _biasClaim!, row, _tree.SumRows(dy));
        }

        _rows.Refresh();
        if (_mask is null) DifferentiateWeights(target);
        else DifferentiateMasked(target, _mask);

        if (!_x.HasGradient) return;
        _products.Multiply(new ProductPlan
        {
            A = _mask is null ? Pointer(_operation.Weight) : _masked,
            ARow = 1,
            AStep = Inputs,
            B = _y.Gradient,
            BStep = _y.Stride,
            C = _x.Gradient,
            CRow = _x.Stride,
            M = Inputs,
            N = _x.Stride,
            K = Outputs,
            Add = _x.Accumulates,
        });
    }

    // From the last rows to the first, so that finished rows can be sent while others are computed; the bits are the same as all at once.
    private void DifferentiateWeights(in GradientTarget target)
    {
        Action<int>? announce = target.AnnouncerOf(_operation.Weight.Offset);
        int rows = announce is null ? Outputs : ((Announced / Inputs / Tile.Rows) + 1) * Tile.Rows;
        for (int first = (Outputs - 1) / rows * rows; first >= 0; first -= rows)
        {
            int offset = _operation.Weight.Offset + (first * Inputs);
            MultiplyGradient(first, Math.Min(rows, Outputs - first), target.Flat + offset, target.AddsTo(_weightClaim!));
            announce?.Invoke(offset);
        }
    }

    // ∂W of some of the outputs, summed over the shards.
    private void MultiplyGradient(int first, int outputs, float* to, bool add) => _products.MultiplyOverShards(
        new ProductPlan
        {
            A = _y.Gradient + ((nint)first * _y.Stride),
            ARow = _y.Stride,
            AStep = 1,
            B = _rows!.Data,
            BStep = _rows.Stride,
            C = to,
            CRow = Inputs,
            M = outputs,
            N = Inputs,
            K = _tree.Rows,
        },
        _tree.Shards, add);

    private float* MaskedWeights()
    {
        float* weights = Pointer(_operation.Weight);
        if (_mask is null) return weights;

        // A choice in place of a product, so that a weight that does not count may be anything.
        for (int i = 0; i < _mask.Length; i++) _masked[i] = _mask[i] == 0f ? 0f : weights[i];
        return _masked;
    }

    private void DifferentiateMasked(in GradientTarget target, float[] mask)
    {
        MultiplyGradient(0, Outputs, _maskedGradient, add: false);
        for (int i = 0; i < mask.Length; i++)
            target.Put(_operation.Weight, _weightClaim!, i, mask[i] == 0f ? 0f : _maskedGradient[i]);
    }

    private float* Pointer(ParameterSlice slice) => _weights.Pointer + slice.Offset;
}
