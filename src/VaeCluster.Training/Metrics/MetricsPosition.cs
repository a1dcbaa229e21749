using System.Globalization;

namespace VaeCluster.Training.Metrics;

/// <summary>
/// Names a line of a run's metrics, also over a restart that cut the file back and wrote the lines again: a step writes its lines always in
/// the same order. As text <c>12.0</c>; it is the id of the line's event.
/// </summary>
/// <param name="Step">The line's step.</param>
/// <param name="Index">Place among the lines of this step, from 0.</param>
public readonly record struct MetricsPosition(int Step, int Index) : IComparable<MetricsPosition>
{
    /// <summary>Before the first line.</summary>
    public static MetricsPosition Start { get; } = Before(0);

    /// <summary>Before the first line of a step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    public static MetricsPosition Before(int step) => new(step, -1);

    /// <summary>Reads the text of a position.</summary>
    /// <param name="text">Such as <c>12.0</c>.</param>
    /// <param name="position">The position.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out MetricsPosition position)
    {
        position = default;
        if (text.Split('.') is not [var step, var index]) return false;
        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int stepNumber)) return false;
        if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int indexNumber)) return false;
        position = new MetricsPosition(stepNumber, indexNumber);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(MetricsPosition other) => Step != other.Step ? Step.CompareTo(other.Step) : Index.CompareTo(other.Index);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step}.{Index}");

    /// <summary>Whether the left comes first.</summary>
    public static bool operator <(MetricsPosition left, MetricsPosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether the right comes first.</summary>
    public static bool operator >(MetricsPosition left, MetricsPosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether the right does not come first.</summary>
    public static bool operator <=(MetricsPosition left, MetricsPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left does not come first.</summary>
    public static bool operator >=(MetricsPosition left, MetricsPosition right) => left.CompareTo(right) >= 0;
}
