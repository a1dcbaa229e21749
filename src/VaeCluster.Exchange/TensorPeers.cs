using System.Globalization;

namespace VaeCluster.Exchange;

/// <summary>Senders by address, made on demand. For any thread.</summary>
/// <param name="options">Who this is, and limits.</param>
public sealed class TensorPeers(ExchangeOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TensorSender> _senders = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>The sender to a peer.</summary>
    /// <param name="address">host:port, an IPv6 address in brackets.</param>
    /// <exception cref="ArgumentException">Not an address.</exception>
    public TensorSender To(string address)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_senders.TryGetValue(address, out TensorSender? sender)) return sender;
            (string host, int port) = Parse(address);
            return _senders[address] = new TensorSender(host, port, options);
        }
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        TensorSender[] senders;
        lock (_gate)
        {
            _disposed = true;
            senders = [.. _senders.Values];
            _senders.Clear();
        }

        foreach (TensorSender sender in senders) sender.Dispose();
    }

    private static (string Host, int Port) Parse(string address)
    {
        int colon = address.LastIndexOf(':');
        string host = colon < 0 ? "" : address[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed) host = host[1..^1];
        if (host.Length == 0 || (!bracketed && host.Contains(':', StringComparison.Ordinal))
            || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            throw new ArgumentException($"'{address}' is not host:port", nameof(address));
        return (host, port);
    }
}
