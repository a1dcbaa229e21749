namespace VaeCluster.Service.Runs;

/// <summary>A file of a run that the API hands out.</summary>
public enum RunArtifact
{
    /// <summary>report.html.</summary>
    Report,

    /// <summary>result.json.</summary>
    Result,
}
