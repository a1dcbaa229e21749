namespace VaeCluster.Server.Http;

/// <summary>What a caller may do.</summary>
public enum ApiRole
{
    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Look, submit, stop, resume and delete.</summary>
    Operator,
}
