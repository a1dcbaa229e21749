namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>How a series is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>A thin pale line in the background, for noisy values of single steps.</summary>
    Faint,

    /// <summary>A solid line.</summary>
    Line,

    /// <summary>Points joined by a line.</summary>
    Dots,
}
