using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Reference;

/// <summary>Layers with weights in float64, implemented directly from their definitions.</summary>
internal static class ReferenceLayers
{
    internal static void Dense(DenseOperation op, double[] weights, double[] x, double[] y, int rows)
    {
        int outputs = op.Weight.Shape[0], inputs = op.Weight.Shape[1];
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double sum = weights[op.Bias.Offset + o];
                for (int i = 0; i < inputs; i++)
                    if (op.Mask?.Allows(o, i) ?? true) sum += weights[op.Weight.Offset + (o * inputs) + i] * x[(row * inputs) + i];
                y[(row * outputs) + o] = Activate(op.Activation, sum);
            }
        }
    }

    internal static void DenseBackward(
        DenseOperation op, double[] weights, double[] x, double[] y, double[] dy, double[] dx, double[] result, int rows)
    {
        int outputs = op.Weight.Shape[0], inputs = op.Weight.Shape[1];
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double g = dy[(row * outputs) + o] * ReferenceFunctions.DerivativeFromResult(op.Activation, y[(row * outputs) + o]);
                result[op.Bias.Offset + o] += g;
                for (int i = 0; i < inputs; i++)
                {
                    if (op.Mask is { } mask && !mask.Allows(o, i)) continue;
                    int w = op.Weight.Offset + (o * inputs) + i;
                    result[w] += g * x[(row * inputs) + i];
                    dx[(row * inputs) + i] += g * weights[w];
                }
            }
        }
    }

    internal static void Conv(
        Conv2dOperation op, double[] weights, double[] x, IReadOnlyList<int> xShape, double[] y, IReadOnlyList<int> yShape, int rows)
    {
        AddBias(op.Bias, weights, y, yShape, rows);
        Visit(op.Weight, op.Stride, op.Padding, yShape, xShape, rows, (small, large, w) => y[small] += weights[w] * x[large]);
        Activate(op.Activation, y);
    }

    internal static void ConvBackward(
        Conv2dOperation op, double[] weights, double[] x, IReadOnlyList<int> xShape, double[] y, double[] dy, IReadOnlyList<int> yShape,
        double[] dx, double[] result, int rows)
    {
        double[] g = BeforeActivation(op.Activation, y, dy);
        BiasBackward(op.Bias, g, yShape, result, rows);
        Visit(op.Weight, op.Stride, op.Padding, yShape, xShape, rows, (small, large, w) =>
        {
            result[w] += g[small] * x[large];
            dx[large] += g[small] * weights[w];
        });
    }

    // The transposed convolution is the adjoint: its input has the shape of the convolution's output.
    internal static void ConvTranspose(
        ConvTranspose2dOperation op, double[] weights, double[] x, IReadOnlyList<int> xShape, double[] y, IReadOnlyList<int> yShape,
        int rows)
    {
        AddBias(op.Bias, weights, y, yShape, rows);
        Visit(op.Weight, op.Stride, op.Padding, xShape, yShape, rows, (small, large, w) => y[large] += weights[w] * x[small]);
        Activate(op.Activation, y);
    }

    internal static void ConvTransposeBackward(
        ConvTranspose2dOperation op, double[] weights, double[] x, IReadOnlyList<int> xShape, double[] y, double[] dy,
        IReadOnlyList<int> yShape,
        double[] dx, double[] result, int rows)
    {
        double[] g = BeforeActivation(op.Activation, y, dy);
        BiasBackward(op.Bias, g, yShape, result, rows);
        Visit(op.Weight, op.Stride, op.Padding, xShape, yShape, rows, (small, large, w) =>
        {
            result[w] += g[large] * x[small];
            dx[small] += g[large] * weights[w];
        });
    }

    /// <summary>
    /// Visits every product of a convolution from <paramref name="large"/> to <paramref name="small"/>, with the indices of its factors.
    /// </summary>
    private static void Visit(
        ParameterSlice weight, int stride, int padding, IReadOnlyList<int> small, IReadOnlyList<int> large, int rows, Action<int, int,
        int> visit)
    {
        int kernelHeight = weight.Shape[2], kernelWidth = weight.Shape[3];
        for (int row = 0; row < rows; row++)
            for (int s = 0; s < small[0]; s++)
                for (int i = 0; i < small[1]; i++)
                    for (int j = 0; j < small[2]; j++)
                        for (int l = 0; l < large[0]; l++)
                            for (int u = 0; u < kernelHeight; u++)
                                for (int v = 0; v < kernelWidth; v++)
                                {
                                    int top = (i * stride) + u - padding, left = (j * stride) + v - padding;
                                    if (top < 0 || top >= large[1] || left < 0 || left >= large[2]) continue;
                                    visit(
                                        (((((row * small[0]) + s) * small[1]) + i) * small[2]) + j,
                                        (((((row * large[0]) + l) * large[1]) + top) * large[2]) + left,
                                        weight.Offset + (((((s * large[0]) + l) * kernelHeight) + u) * kernelWidth) + v);
                                }
    }

    private static void AddBias(ParameterSlice bias, double[] weights, double[] y, IReadOnlyList<int> shape, int rows)
    {
        int positions = shape[1] * shape[2];
        for (int i = 0; i < rows * shape[0] * positions; i++) y[i] = weights[bias.Offset + (i / positions % shape[0])];
    }

    private static void BiasBackward(ParameterSlice bias, double[] g, IReadOnlyList<int> shape, double[] result, int rows)
    {
        int positions = shape[1] * shape[2];
        for (int i = 0; i < rows * shape[0] * positions; i++) result[bias.Offset + (i / positions % shape[0])] += g[i];
    }

    private static double[] BeforeActivation(Activation activation, double[] y, double[] dy)
    {
        var g = new double[dy.Length];
        for (int i = 0; i < g.Length; i++) g[i] = dy[i] * ReferenceFunctions.DerivativeFromResult(activation, y[i]);
        return g;
    }

    private static void Activate(Activation activation, double[] y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = Activate(activation, y[i]);
    }

    private static double Activate(Activation activation, double x) =>
        ReferenceFunctions.Function(activation) is { } function ? ReferenceFunctions.Apply(function, x) : x;
}
