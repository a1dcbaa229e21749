namespace VaeCluster.Exchange;

/// <summary>What <see cref="TensorKind"/>s have in common.</summary>
public static class TensorKinds
{
    /// <summary>Whether there is such a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static bool IsKnown(this TensorKind kind) => kind is >= TensorKind.Gradient and <= TensorKind.Decision;

    /// <summary>Whether it is no tensor but a note.</summary>
    /// <param name="kind">The kind.</param>
    public static bool IsNote(this TensorKind kind) => kind >= TensorKind.Assignment;
}
