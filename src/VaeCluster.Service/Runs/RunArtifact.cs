namespace VaeCluster.Service.Runs;

/// <summary>A file of a run that can be downloaded.</summary>
public enum RunArtifact
{
    /// <summary>report.html.</summary>
    Report,

    /// <summary>result.json.</summary>
    Result,
}
