using System.Runtime.InteropServices;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// A coupling whose term depends on all pairs of examples, or on moments of the batch: value and gradient are computed once for a step, by
/// the first thread that asks, and every thread of the process takes its rows from them.
/// </summary>
public abstract class BatchTerm : BatchCoupling
{
    private readonly Lock _lock = new();
    private float[] _batch = [];
    private float[] _rows = [];
    private float _weight;

    /// <inheritdoc/>
    public override void Tangent(ReadOnlySpan<float> batch, float weight, float capacity, int first, Span<float> rows)
    {
        lock (_lock)
        {
            if (weight != _weight || !MemoryMarshal.AsBytes(batch).SequenceEqual(MemoryMarshal.AsBytes(_batch.AsSpan())))
                Linearize(batch, weight);
            _rows.AsSpan(first * (Statistics + 1), rows.Length).CopyTo(rows);
        }
    }

    /// <summary>The term of a batch and its gradient, in an order of summation that depends on nothing but the batch.</summary>
    /// <param name="batch">The statistics, [examples, <see cref="BatchCoupling.Statistics"/>].</param>
    /// <param name="weight">See <see cref="BatchCoupling.Tangent"/>.</param>
    /// <param name="gradient">Receives the gradient by the statistics, in the same order.</param>
    /// <returns>The term, in nats per example.</returns>
    protected abstract double Differentiate(ReadOnlySpan<float> batch, float weight, Span<double> gradient);

    // The losses of the examples are averaged over the batch, so each share has the whole term, and B times its gradient.
    private void Linearize(ReadOnlySpan<float> batch, float weight)
    {
        int width = Statistics, examples = batch.Length / width;
        var gradient = new double[batch.Length];
        double term = Differentiate(batch, weight, gradient);
        _rows = new float[examples * (width + 1)];
        double constant = term;
        bool isFinite = double.IsFinite(term);
        for (int i = 0; i < batch.Length; i++)
        {
            constant -= gradient[i] * batch[i];
            isFinite &= double.IsFinite(gradient[i]);
        }

        // If a statistic is not finite, the slopes are 0, and the examples that caused it are found by their own loss.
        if (isFinite)
        {
            for (int i = 0; i < examples; i++)
            {
                for (int j = 0; j < width; j++) _rows[(i * (width + 1)) + j] = (float)(examples * gradient[(i * width) + j]);
                _rows[(i * (width + 1)) + width] = (float)constant;
            }
        }

        (_batch, _weight) = (batch.ToArray(), weight);
    }
}
