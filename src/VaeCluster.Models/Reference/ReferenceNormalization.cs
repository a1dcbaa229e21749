using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Reference;

/// <summary>Group normalisation in float64, from its definition.</summary>
internal static class ReferenceNormalization
{
    internal static void Compute(GroupNormOperation op, double[] weights, double[] x, double[] y, Node node, int rows)
    {
        int positions = node.Size / node.Shape[0];
        UnaryOperation? activation = ReferenceFunctions.Function(op.Activation);
        foreach ((int first, int count) in Groups(op, node, rows))
        {
            (double mean, double deviation) = Moments(x, first, count);
            for (int i = first; i < first + count; i++)
            {
                int channel = i % node.Size / positions;
                double sum = (weights[op.Scale.Offset + channel] * (x[i] - mean) / deviation) + weights[op.Shift.Offset + channel];
                y[i] = activation is null ? sum : ReferenceFunctions.Apply(activation, sum);
            }
        }
    }

    internal static void Differentiate(
        GroupNormOperation op, double[] weights, double[] x, double[] dy, double[] dx, double[] result, Node node, int rows)
    {
        int positions = node.Size / node.Shape[0];
        UnaryOperation? activation = ReferenceFunctions.Function(op.Activation);
        var g = new double[dy.Length];
        foreach ((int first, int count) in Groups(op, node, rows))
        {
            (double mean, double deviation) = Moments(x, first, count);
            double sum = 0, product = 0;
            for (int i = first; i < first + count; i++)
            {
                int channel = i % node.Size / positions;
                double scale = weights[op.Scale.Offset + channel], unit = (x[i] - mean) / deviation;
                double d = dy[i];
                if (activation is not null)
                    d *= ReferenceFunctions.Derivative(activation, (scale * unit) + weights[op.Shift.Offset + channel]);
                result[op.Scale.Offset + channel] += d * unit;
                result[op.Shift.Offset + channel] += d;
                g[i] = d * scale;
                sum += g[i];
                product += g[i] * unit;
            }

            for (int i = first; i < first + count; i++)
                dx[i] += (g[i] - ((sum + (product * (x[i] - mean) / deviation)) / count)) / deviation;
        }
    }

    // The elements of a group are adjacent, since its channels are.
    private static IEnumerable<(int First, int Count)> Groups(GroupNormOperation op, Node node, int rows)
    {
        int count = node.Size / op.Groups;
        for (int first = 0; first < rows * node.Size; first += count) yield return (first, count);
    }

    private static (double Mean, double Deviation) Moments(double[] x, int first, int count)
    {
        double mean = 0, variance = 0;
        for (int i = first; i < first + count; i++) mean += x[i] / count;
        for (int i = first; i < first + count; i++) variance += (x[i] - mean) * (x[i] - mean) / count;
        return (mean, Math.Sqrt(variance + GroupNormOperation.Epsilon));
    }
}
