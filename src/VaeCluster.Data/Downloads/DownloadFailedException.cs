namespace VaeCluster.Data.Downloads;

/// <summary>A file could not be downloaded from any source. The message is one line with the error of each source.</summary>
/// <param name="message">The message.</param>
public sealed class DownloadFailedException(string message) : Exception(message);
