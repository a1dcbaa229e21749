namespace VaeCluster.Core.Optimizers;

/// <summary>
/// Updates weights from their gradient, element by element: the vector may be cut into pieces of any length, and every piece gets the
/// same bits as in an update of the whole. Stateless; the caller keeps the moments.
/// </summary>
public interface IOptimizer
{
    /// <summary>The name in the run file.</summary>
    string Name { get; }

    /// <summary>Number of moment vectors; they start at zero.</summary>
    int Moments { get; }

    /// <summary>
    /// Index of the moment that holds an average of the weights, which evaluation and images use in place of the weights; null if there is
    /// none.
    /// </summary>
    int? Average => null;

    /// <summary>Applies one update to a piece of the vector.</summary>
    /// <param name="weights">The weights, changed in place.</param>
    /// <param name="gradientSum">The gradient summed over the batch, as long as <paramref name="weights"/>.</param>
    /// <param name="moments">The same piece of the <see cref="Moments"/> moment vectors, changed in place.</param>
    /// <param name="step">Learning rate, gradient scale and update count.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are too few moments.</exception>
    void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step);
}
