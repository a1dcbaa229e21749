namespace VaeCluster.Exchange;

/// <summary>A tensor that could not be sent, or a peer that does not keep to the wire format.</summary>
/// <param name="line">What is wrong, in one line that names the peer.</param>
/// <param name="refused">Whether the peer answered and said no, so that trying again is useless.</param>
/// <param name="cause">What the socket said.</param>
public sealed class ExchangeException(string line, bool refused = false, Exception? cause = null) : IOException(line, cause)
{
    /// <summary>Whether the peer answered and said no: another cluster, or another wire version.</summary>
    public bool Refused { get; } = refused;
}
