using VaeCluster.Core.Random;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Measuring;

/// <summary>A single matrix product for timing, with the same kernels and memory layout as in a program.</summary>
public sealed unsafe class ProductProbe : IDisposable
{
    private readonly Arena _arena = new();
    private readonly MatrixProducts _products;
    private readonly ProductShape _shape;
    private readonly ProductPlan _plan;

    /// <summary>Allocates the operands.</summary>
    /// <param name="shape">The product.</param>
    public ProductProbe(ProductShape shape)
    {
        _shape = shape;
        _products = new MatrixProducts(TileKernels.Create(TileKernels.Best), _arena);
        int stride = Whole(shape.Examples), rows = Whole(shape.Inputs);
        float* weights = Random((long)shape.Outputs * shape.Inputs);
        _plan = shape.Kind switch
        {
            ProductKind.Forward => new ProductPlan
            {
                A = weights,
                ARow = shape.Inputs,
                AStep = 1,
                B = Random((long)shape.Inputs * stride),
                BStep = stride,
                C = _arena.Reserve((long)shape.Outputs * stride),
                CRow = stride,
                M = shape.Outputs,
                N = stride,
                K = shape.Inputs,
            },
            ProductKind.WeightGradient => new ProductPlan
            {
                A = Random((long)shape.Outputs * stride),
                ARow = stride,
                AStep = 1,
                B = Random((long)shape.Examples * rows),
                BStep = rows,
                C = weights,
                CRow = shape.Inputs,
                M = shape.Outputs,
                N = shape.Inputs,
                K = shape.Examples / shape.Shards,
            },
            _ => new ProductPlan
            {
                A = weights,
                ARow = 1,
                AStep = shape.Inputs,
                B = Random((long)shape.Outputs * stride),
                BStep = stride,
                C = _arena.Reserve((long)shape.Inputs * stride),
                CRow = stride,
                M = shape.Inputs,
                N = stride,
                K = shape.Outputs,
            },
        };
    }

    /// <summary>Computes the product once.</summary>
    public void Run()
    {
        if (_shape.Kind == ProductKind.WeightGradient) _products.MultiplyOverShards(_plan, _shape.Shards, add: false);
        else _products.Multiply(_plan);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private static int Whole(int count) => (count + 15) & ~15;

    private float* Random(long count)
    {
        float* values = _arena.Reserve(count);
        new RandomStream(1, RandomPurpose.InitialWeights, 0, 0).FillNormal(new Span<float>(values, checked((int)count)));
        return values;
    }
}
