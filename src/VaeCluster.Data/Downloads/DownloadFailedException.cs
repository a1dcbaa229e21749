namespace VaeCluster.Data.Downloads;

/// <summary>No source gave the file. The message is one line that says what each of them did.</summary>
/// <param name="message">The line.</param>
public sealed class DownloadFailedException(string message) : Exception(message);
