namespace VaeCluster.Core.Optimizers;

/// <summary>
/// A rule that moves weights by their gradient, element by element: the vector may be cut into pieces of any length, and every piece
/// gets the bits that it would get in the whole. Holds no state; the moments are the caller's.
/// </summary>
public interface IOptimizer
{
    /// <summary>The name in the run file.</summary>
    string Name { get; }

    /// <summary>How many moment vectors it needs; they start at zero.</summary>
    int Moments { get; }

    /// <summary>
    /// Which of the moments is an average of the weights that judges and pictures use in their place; it starts as the weights. Null: none.
    /// </summary>
    int? Average => null;

    /// <summary>Applies one update to a piece of the vector.</summary>
    /// <param name="weights">The weights, changed in place.</param>
    /// <param name="gradientSum">The gradient summed over the batch, as long as <paramref name="weights"/>.</param>
    /// <param name="moments">The same piece of <see cref="Moments"/> vectors.</param>
    /// <param name="step">The numbers of the update.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are too few moments.</exception>
    void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step);
}
