namespace VaeCluster.Service.Sweeps;

/// <summary>A file of a sweep that can be downloaded.</summary>
public enum SweepArtifact
{
    /// <summary>report.html.</summary>
    Report,

    /// <summary>summary.json.</summary>
    Summary,
}
