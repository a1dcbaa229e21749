namespace VaeCluster.Server.Logs;

/// <summary>How a program writes its log.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Lines,

    /// <summary>For programs: one JSON object a line.</summary>
    Json,
}
