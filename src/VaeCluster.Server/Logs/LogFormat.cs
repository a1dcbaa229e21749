namespace VaeCluster.Server.Logs;

/// <summary>How a program writes its log.</summary>
public enum LogFormat
{
    /// <summary>Plain lines, for people.</summary>
    Lines,

    /// <summary>One JSON object per line, for programs.</summary>
    Json,
}
