using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Tests.Products;

/// <summary>
/// Products of any shape have exactly the bits of their definition: chains of fused multiply-adds, with blocks added in order.
/// </summary>
public sealed unsafe class MatrixProductsTests
{
    private static readonly KernelWidth[] Widths = [KernelWidth.Scalar, KernelWidth.Bits128, KernelWidth.Bits256, KernelWidth.Bits512];

    private static readonly Arbitrary<(int M, int N, int K)> Shapes = (
        from m in Gen.Choose(1, 40)
        from n in Gen.Choose(1, 70)
        from k in Gen.OneOf(Gen.Choose(1, 70), Gen.Elements(1023, 1024, 1025, 2100))
        select (m, n, k)).ToArbitrary();

    [Fact]
    public void A_product_has_the_bits_of_its_definition_at_every_width() => Check.QuickThrowOnFailure(Prop.ForAll(Shapes, shape =>
    {
        foreach (KernelWidth width in Widths)
        {
            foreach (bool turned in new[] { false, true })
            {
                foreach (bool add in new[] { false, true }) AssertDefinition(width, shape.M, shape.N, shape.K, turned, add);
            }
        }
    }));

    [Theory]
    [InlineData(13, 33, 5, 4)]
    [InlineData(12, 32, 32, 4)]
    [InlineData(25, 20, 7, 8)]
    [InlineData(3, 1, 1030, 2)]
    [InlineData(7, 16, 1, 16)]
    public void A_sum_over_shards_has_the_bits_of_shard_sums_added_along_the_tree(int m, int n, int k, int shards)
    {
        foreach (KernelWidth width in Widths)
        {
            foreach (bool add in new[] { false, true })
            {
                using var arena = new Arena();
                var products = new MatrixProducts(TileKernels.Create(width), arena);
                int columns = (n + 15) & ~15;
                float* a = Matrix(arena, k * shards * m, 1), b = Matrix(arena, k * shards * columns, 2), c = Matrix(arena, m * n, 3);
                float[] before = new ReadOnlySpan<float>(c, m * n).ToArray();
                var plan = new ProductPlan { A = a, ARow = 1, AStep = m, B = b, BStep = columns, C = c, CRow = n, M = m, N = n, K = k };
                products.MultiplyOverShards(plan, shards, add);
                for (int i = 0; i < m * n; i++)
                {
                    float sum = Tree(a + (i / n), m, b + (i % n), columns, k, 0, shards);
                    AssertBits(add ? before[i] + sum : sum, c[i], $"{m}×{n}×{k} in {shards} at {width}, element {i}");
                }
            }
        }
    }

    private static void AssertDefinition(KernelWidth width, int m, int n, int k, bool turned, bool add)
    {
        using var arena = new Arena();
        var products = new MatrixProducts(TileKernels.Create(width), arena);
        int columns = (n + 15) & ~15;
        nint row = turned ? 1 : k, step = turned ? m : 1;
        float* a = Matrix(arena, m * k, 1), b = Matrix(arena, k * columns, 2), c = Matrix(arena, (m * n) + 16, 3);
        float[] before = new ReadOnlySpan<float>(c, (m * n) + 16).ToArray();
        products.Multiply(new ProductPlan
        {
            A = a,
            ARow = row,
            AStep = step,
            B = b,
            BStep = columns,
            C = c,
            CRow = n,
            M = m,
            N = n,
            K = k,
            Add = add,
        });
        for (int i = 0; i < m * n; i++)
        {
            float sum = Blocks(a + ((i / n) * row), step, b + (i % n), columns, k);
            AssertBits(add ? before[i] + sum : sum, c[i], $"{m}×{n}×{k} at {width}, element {i}");
        }

        for (int i = m * n; i < (m * n) + 16; i++) AssertBits(before[i], c[i], $"{m}×{n}×{k} at {width}, beyond the end");
    }

    private static float Tree(float* a, nint step, float* b, nint columns, int k, int first, int count)
    {
        if (count == 1) return Blocks(a + (first * k * step), step, b + (first * k * columns), columns, k);
        return Tree(a, step, b, columns, k, first, count / 2) + Tree(a, step, b, columns, k, first + (count / 2), count / 2);
    }

    private static float Blocks(float* a, nint step, float* b, nint columns, int k)
    {
        float total = 0f;
        for (int block = 0; block < k; block += MatrixProducts.BlockOfK)
        {
            float sum = 0f;
            int end = Math.Min(k, block + MatrixProducts.BlockOfK);
            for (int i = block; i < end; i++) sum = MathF.FusedMultiplyAdd(a[i * step], b[i * columns], sum);
            total = block == 0 ? sum : total + sum;
        }

        return total;
    }

    private static float* Matrix(Arena arena, int length, uint salt)
    {
        float* values = arena.Reserve(length);
        uint state = salt * 2654435761u;
        for (int i = 0; i < length; i++)
        {
            state = unchecked((state * 1664525u) + 1013904223u);
            values[i] = ((state >> 8) * (1f / (1 << 23))) - 1f;
        }

        return values;
    }

    private static void AssertBits(float expected, float actual, string what)
    {
        bool same = BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual);
        if (!same) Assert.Fail($"{what}: {actual:R} instead of {expected:R}");
    }
}
