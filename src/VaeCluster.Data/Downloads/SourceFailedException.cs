namespace VaeCluster.Data.Downloads;

/// <summary>One source did not give the file, and asking it again will not help.</summary>
/// <param name="message">What it did.</param>
internal sealed class SourceFailedException(string message) : Exception(message);
