namespace VaeCluster.Server.Http;

/// <summary>What a caller may do.</summary>
public enum ApiRole
{
    /// <summary>Read only.</summary>
    Viewer,

    /// <summary>Read, submit, stop, resume and delete.</summary>
    Operator,
}
