using TorchSharp;
using VaeCluster.Engine.Torch.Execution;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Convolutions against float64, in shapes of which libtorch gets some wrong on some processors.</summary>
public sealed class CheckedConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, int, int, int, int, bool>();
            foreach (bool transposed in new[] { false, true })
            {
                shapes.Add(3, 10, 6, 6, 3, 1, 1, transposed);
                shapes.Add(2, 1, 1, 7, 3, 2, 1, transposed);
                shapes.Add(5, 3, 5, 6, 5, 1, 2, transposed);
                shapes.Add(4, 8, 1, 4, 4, 2, 1, transposed);
                shapes.Add(4, 32, 3, 32, 4, 2, 1, transposed);
                shapes.Add(16, 16, 32, 7, 3, 3, 0, transposed);
            }

            return shapes;
        }
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(Shapes))]
    public void Sums_and_gradients_are_those_of_float64(
        int rows, int channels, int outputs, int size, int kernel, int stride, int padding, bool transposed)
    {
        Assert.Null(TorchRuntime.Check());
        using IDisposable scope = NewDisposeScope();
        using var generator = new Generator(5);
        long[] weightShape = transposed ? [channels, outputs, kernel, kernel] : [outputs, channels, kernel, kernel];
        Tensor[] narrow = [Draw(rows, channels, size, size), Draw(weightShape), Draw(outputs)];
        Tensor[] wide = [.. narrow.Select(tensor => tensor.detach().to_type(ScalarType.Float64).requires_grad_(true))];

        Tensor expected = transposed
            ? nn.functional.conv_transpose2d(wide[0], wide[1], wide[2], [stride, stride], [padding, padding])
            : nn.functional.conv2d(wide[0], wide[1], wide[2], [stride, stride], [padding, padding]);
        Tensor weights = rand(expected.shape, ScalarType.Float64, generator: generator);
        (expected * weights).sum().backward();
        foreach (Func<Tensor, Tensor, Tensor, int, int, bool, Tensor> form in new[] { CheckedConvolution.Compute,
            CheckedConvolution.Product })
        {
            Tensor actual = form(narrow[0], narrow[1], narrow[2], stride, padding, transposed);
            AssertClose(expected, actual);
            (actual * weights.to_type(ScalarType.Float32)).sum().backward();
            for (int i = 0; i < narrow.Length; i++)
            {
                AssertClose(wide[i].grad!, narrow[i].grad!);
                narrow[i].grad = null;
            }
        }

        Tensor Draw(params long[] shape) => rand(shape, ScalarType.Float32, generator: generator).sub(0.5f).detach().requires_grad_(true);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double off = (actual.to_type(ScalarType.Float64) - expected).abs().max().ToDouble();
        Assert.InRange(off, 0, 2e-5 * Math.Max(1, expected.abs().max().ToDouble()));
    }
}
