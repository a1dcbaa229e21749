namespace VaeCluster.Cli.Remote;

/// <summary>A server that cannot be reached, or that failed; its message is one line.</summary>
/// <param name="message">What happened, with the server's address.</param>
/// <param name="inner">The fault below, if any.</param>
internal sealed class ServerFailure(string message, Exception? inner = null) : Exception(message, inner);
