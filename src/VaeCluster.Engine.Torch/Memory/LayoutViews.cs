using VaeCluster.Core.Parameters;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Memory;

/// <summary>
/// The parameters of a layout as libtorch's leaves: each is the flat vector's own memory under another shape, and where there are
/// gradients, what the backward pass adds to is the memory of a flat gradient. Nothing is copied slice by slice.
/// </summary>
internal sealed class LayoutViews : IDisposable
{
    private readonly Dictionary<ParameterSlice, Tensor> _leaves = [];
    private readonly Dictionary<ParameterSlice, Tensor> _casts = [];
    private readonly ScalarType? _castTo;

    /// <summary>Views of some parameters.</summary>
    /// <param name="weights">The flat vector.</param>
    /// <param name="slices">The parameters that are used.</param>
    /// <param name="withGradients">Whether they get a flat gradient.</param>
    /// <param name="castTo">The type that layers compute in, if it is another than the weights'.</param>
    internal LayoutViews(Tensor weights, IEnumerable<ParameterSlice> slices, bool withGradients, ScalarType? castTo)
    {
        _castTo = castTo;
        if (withGradients) Gradient = zeros(weights.NumberOfElements, ScalarType.Float32, weights.device).DetachFromDisposeScope();
        foreach (ParameterSlice slice in slices.Distinct())
        {
            using Tensor view = View(weights, slice);
            Tensor leaf = view.detach().DetachFromDisposeScope();
            if (Gradient is not null)
            {
                leaf.requires_grad = true;
                using Tensor gradient = View(Gradient, slice);
                leaf.grad = gradient;
            }

            _leaves.Add(slice, leaf);
        }
    }

    /// <summary>The flat gradient: of the whole layout, zero where no parameter is used.</summary>
    internal Tensor? Gradient { get; }

    /// <summary>A parameter in float32.</summary>
    /// <param name="slice">Which.</param>
    internal Tensor this[ParameterSlice slice] => _leaves[slice];

    /// <summary>A parameter in the type that layers compute in, cast once until <see cref="Forget"/>.</summary>
    /// <param name="slice">Which.</param>
    internal Tensor Cast(ParameterSlice slice)
    {
        if (_castTo is not { } type) return _leaves[slice];
        if (!_casts.TryGetValue(slice, out Tensor? cast)) _casts.Add(slice, cast = _leaves[slice].to_type(type).DetachFromDisposeScope());
        return cast;
    }

    /// <summary>Forgets the casts: the weights are new.</summary>
    internal void Forget()
    {
        foreach (Tensor cast in _casts.Values) cast.Dispose();
        _casts.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        foreach (Tensor leaf in _leaves.Values) leaf.Dispose();
        Gradient?.Dispose();
    }

    private static Tensor View(Tensor flat, ParameterSlice slice)
    {
        using Tensor part = flat.narrow(0, slice.Offset, slice.Length);
        return part.view([.. slice.Shape.Select(dimension => (long)dimension)]);
    }
}
