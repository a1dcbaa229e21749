using Microsoft.AspNetCore.Builder;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Server.Http;

/// <summary>Where the API listens, to whom, and its limits.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Addresses such as <c>http://127.0.0.1:5080</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>What callers must send as their bearer token; null: no token, and only addresses of this machine are allowed.</summary>
    public string? Token { get; init; }

    /// <summary>The token of those who may only look; null: there are none. Needs <see cref="Token"/>.</summary>
    public string? ViewerToken { get; init; }

    /// <summary>Addresses that need no token beside those of health, such as <c>/metrics</c>; what answers there is added by
    /// <see cref="Extend"/>.</summary>
    public IReadOnlyList<string> OpenPaths { get; init; } = [];

    /// <summary>Adds what the API itself does not have; null: nothing.</summary>
    public Action<IApplicationBuilder>? Extend { get; init; }

    /// <summary>The service of sweeps; null: the server has none.</summary>
    public ISweepService? Sweeps { get; init; }

    /// <summary>Why the service cannot be asked yet, in one line, or null: it can. Requests get that as their answer.</summary>
    public Func<string?>? WhyClosed { get; init; }

    /// <summary>Answers the question for readiness; null: the service does.</summary>
    public Func<CancellationToken, Task<string?>>? WhyNotReady { get; init; }

    /// <summary>Largest body of a request, in bytes.</summary>
    public int LargestBody { get; init; } = 1 << 20;

    /// <summary>Event streams open at once; more are refused.</summary>
    public int MostStreams { get; init; } = 256;

    /// <summary>Requests a second that one address may send in the long run.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that one address may send at once.</summary>
    public int Burst { get; init; } = 600;

    /// <summary>Connections open at once; more are refused.</summary>
    public int MostConnections { get; init; } = 2000;

    /// <summary>How often a silent stream says that it lives.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a stream waits for a reader that takes nothing, before it lets go of it. The reader can come back for the
    /// rest.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of faults of the server itself, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of heartbeats and patience.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where a server listens, and a client looks for it, unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";
}
