using Microsoft.AspNetCore.Builder;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Server.Http;

/// <summary>The API's addresses, tokens and limits.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Addresses such as <c>http://127.0.0.1:5080</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>The bearer token that callers must send; null for none, in which case only addresses of this machine are allowed.</summary>
    public string? Token { get; init; }

    /// <summary>The token for read-only access; null for none. Requires <see cref="Token"/>.</summary>
    public string? ViewerToken { get; init; }

    /// <summary>
    /// Paths besides the health checks that need no token, such as <c>/metrics</c>; <see cref="Extend"/> adds their endpoints.
    /// </summary>
    public IReadOnlyList<string> OpenPaths { get; init; } = [];

    /// <summary>Adds endpoints that the API itself does not have; null for none.</summary>
    public Action<IApplicationBuilder>? Extend { get; init; }

    /// <summary>The sweep service; null if the server has none.</summary>
    public ISweepService? Sweeps { get; init; }

    /// <summary>
    /// Returns in one line why the service cannot serve requests yet, which is also the answer that requests get; null if it can.
    /// </summary>
    public Func<string?>? WhyClosed { get; init; }

    /// <summary>Answers the readiness check; null to ask the run service.</summary>
    public Func<CancellationToken, Task<string?>>? WhyNotReady { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public int LargestBody { get; init; } = 1 << 20;

    /// <summary>Most event streams open at once; more are refused.</summary>
    public int MostStreams { get; init; } = 256;

    /// <summary>How many of them only operators can open.</summary>
    public int StreamsOfOperators { get; init; } = 64;

    /// <summary>Sustained requests per second for one client address.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Largest burst of requests from one client address.</summary>
    public int Burst { get; init; } = 600;

    /// <summary>Most connections with requests open at once, without health checks; more are refused.</summary>
    public int MostConnections { get; init; } = 2000;

    /// <summary>
    /// How many of them one client address can have, of IPv6 addresses one network of 64 bits. A proxy in front is one address.
    /// </summary>
    public int MostConnectionsPerAddress { get; init; } = 1000;

    /// <summary>Most connections that have sent nothing yet; for a new one the oldest is closed.</summary>
    public int MostSilentConnections { get; init; } = 1000;

    /// <summary>Connections for health checks; for a new one the oldest is closed.</summary>
    public int MostHealthConnections { get; init; } = 64;

    /// <summary>How long a connection may send nothing before its first request.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may send nothing between two requests, or before the headers of one are complete.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Where browser sessions are kept, so that they outlive the server; null to keep them in memory. The silos of a cluster share it.
    /// </summary>
    public string? SessionFolder { get; init; }

    /// <summary>How often an idle stream sends a comment that keeps the connection alive.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a stream waits for a reader that has stopped reading before it disconnects. The reader can reconnect for the rest.
    /// </summary>
    public TimeSpan SlowReaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives faults of the server itself, one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock for heartbeats and timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The default address of server and client.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";
}
