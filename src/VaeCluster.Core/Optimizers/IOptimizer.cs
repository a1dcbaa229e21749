namespace VaeCluster.Core.Optimizers;

/// <summary>
/// A rule that moves weights by their gradient, element by element: the vector may be cut into pieces of any length, and every piece
/// gets the bits that it would get in the whole. Holds no state; the moments are the caller's.
/// </summary>
public interface IOptimizer
{
    /// <summary>The name in the run file.</summary>
    string Name { get; }

    /// <summary>How many moment vectors it needs, 0 to 2; they start at zero.</summary>
    int Moments { get; }

    /// <summary>Applies one update to a piece of the vector.</summary>
    /// <param name="weights">The weights, changed in place.</param>
    /// <param name="gradientSum">The gradient summed over the batch, as long as <paramref name="weights"/>.</param>
    /// <param name="moment1">As long as <paramref name="weights"/>, or empty where <see cref="Moments"/> is 0.</param>
    /// <param name="moment2">As long as <paramref name="weights"/>, or empty where <see cref="Moments"/> is below 2.</param>
    /// <param name="step">The numbers of the update.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, Span<float> moment1, Span<float> moment2, in UpdateStep step);
}
