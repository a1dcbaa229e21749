using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Tests.Graphs;

/// <summary>
/// Convolutions and transposed convolutions with many geometries, between learned layers so that every gradient is needed.
/// </summary>
public sealed class ConvolutionTests
{
    /// <summary>Channels in, channels out, height, width, kernel, stride, padding.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Geometries => new()
    {
        { 1, 32, 8, 8, 4, 2, 1 },
        { 3, 5, 7, 9, 3, 1, 0 },
        { 3, 5, 7, 9, 3, 1, 1 },
        { 3, 13, 9, 7, 5, 2, 2 },
        { 32, 3, 5, 6, 2, 2, 0 },
        { 7, 9, 5, 8, 2, 3, 1 },
        { 8, 17, 6, 6, 4, 3, 2 },
        { 9, 1, 4, 4, 3, 2, 1 },
        { 2, 2, 5, 5, 5, 1, 2 },
        { 1, 1, 3, 4, 1, 1, 0 },
        { 32, 33, 4, 4, 4, 2, 1 },
        { 130, 2, 4, 4, 3, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void A_convolution_matches_the_reference(int from, int to, int height, int width, int kernel, int stride, int padding)
    {
        Trial trial = Convolution(from, to, height, width, kernel, stride, padding);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 5, shards: 1, tolerance: 5e-5);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 36, shards: 4, tolerance: 5e-5);
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void A_transposed_convolution_matches_the_reference(int from, int to, int height, int width, int kernel, int stride, int padding)
    {
        Trial trial = Transposed(from, to, height, width, kernel, stride, padding);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 5, shards: 1, tolerance: 5e-5);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 36, shards: 4, tolerance: 5e-5);
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Shards_sum_to_the_batch(int from, int to, int height, int width, int kernel, int stride, int padding)
    {
        foreach (Trial trial in Both(from, to, height, width, kernel, stride, padding))
        {
            trial.AssertShardsAddUp(KernelWidth.Bits512, examples: 20, shards: 4);
            trial.AssertShardsAddUp(KernelWidth.Bits512, examples: 64, shards: 2);
        }
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_vector_width_gives_the_same_bits(int from, int to, int height, int width, int kernel, int stride, int padding)
    {
        foreach (Trial trial in Both(from, to, height, width, kernel, stride, padding))
        {
            Dictionary<string, float[]> expected = trial.Run(KernelWidth.Scalar, examples: 18, shards: 2);
            foreach (KernelWidth bits in new[] { KernelWidth.Bits128, KernelWidth.Bits256, KernelWidth.Bits512 })
            {
                Dictionary<string, float[]> actual = trial.Run(bits, examples: 18, shards: 2);
                foreach (string name in expected.Keys) Assert.Equal(Trial.Bits(expected[name]), Trial.Bits(actual[name]));
            }
        }
    }

    [Fact]
    public void Adding_to_a_vector_gives_the_bits_of_adding_the_finished_gradient()
    {
        foreach (Trial trial in new[] { Convolution(3, 5, 7, 9, 3, 2, 1), Transposed(3, 5, 7, 9, 3, 2, 1), SharedKernel() })
        {
            float[] start = trial.Start(0.37f);
            float[] finished = trial.Run(KernelWidth.Bits512, 12, 4)["gradient"];
            float[] added = trial.Run(KernelWidth.Bits512, 12, 4, addTo: start)["gradient"];
            Assert.Equal(Trial.Bits(start.Zip(finished, (a, b) => a + b)), Trial.Bits(added));
        }
    }

    [Fact]
    public void A_kernel_used_twice_matches_the_reference_and_its_shards_sum_up()
    {
        SharedKernel().AssertAgreesWithReference(KernelWidth.Bits512, examples: 12, shards: 4);
        SharedKernel().AssertShardsAddUp(KernelWidth.Bits512, examples: 12, shards: 4);
    }

    [Fact]
    public void A_convolution_of_an_input_image_needs_no_input_gradient()
    {
        var trial = new Trial((g, p) =>
        {
            Node y =
                g.Conv2d(g.Input("x", 3, 9, 8), p.Add("c.weight", [20, 3, 4, 4], 48), p.Add("c.bias", [20], 48), 2, 1, Activation.Relu);
            return g.Sum(g.Unary(UnaryFunction.Square, y));
        });
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 10, shards: 2);
    }

    internal static Trial Convolution(int from, int to, int height, int width, int kernel, int stride, int padding) => new((g, p) =>
    {
        ParameterSlice weight = p.Add("c.weight", [to, from, kernel, kernel], from * kernel * kernel), bias = p.Add("c.bias", [to], 9);
        return Close(g, g.Conv2d(Image(g, p, from, height, width), weight, bias, stride, padding, Activation.Tanh));
    });

    internal static Trial Transposed(int from, int to, int height, int width, int kernel, int stride, int padding)
    {
        // The grid must be large enough for the padding.
        (height, width) = (Math.Max(height / 2, 2), Math.Max(width / 2, 2));
        return new((g, p) =>
        {
            ParameterSlice weight = p.Add("c.weight", [from, to, kernel, kernel], to * kernel * kernel), bias = p.Add("c.bias", [to], 9);
            return Close(g, g.ConvTranspose2d(Image(g, p, from, height, width), weight, bias, stride, padding, Activation.Softplus));
        });
    }

    private static Trial[] Both(int from, int to, int height, int width, int kernel, int stride, int padding) =>
        [Convolution(from, to, height, width, kernel, stride, padding), Transposed(from, to, height, width, kernel, stride, padding)];

    private static Trial SharedKernel() => new((g, p) =>
    {
        ParameterSlice weight = p.Add("c.weight", [4, 4, 3, 3], 36), bias = p.Add("c.bias", [4], 36);
        return Close(g, g.Conv2d(g.Conv2d(Image(g, p, 4, 6, 5), weight, bias, 1, 1, Activation.Tanh), weight, bias, 1, 1));
    });

    private static Node Image(GraphBuilder g, ParameterLayout.Builder p, int channels, int height, int width) => g.Reshape(
        g.Dense(g.Input("x", 3), p.Add("w.weight", [channels * height * width, 3], 3), p.Add("w.bias", [channels * height * width], 3)),
        channels, height, width);

    private static Node Close(GraphBuilder g, Node y) => g.Sum(g.Unary(UnaryFunction.Square, y));
}
