using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VaeCluster.Core;
using VaeCluster.Server.Dashboard;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// The HTTP API of a run service. The caller owns the service and closes it after the server, so that no request finds it closed.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app) => _app = app;

    /// <summary>The addresses that it listens on, with the actual ports.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Every route with its method, for tests.</summary>
    internal IEnumerable<string> Routes =>
        from endpoint in _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select $"{method} {endpoint.RoutePattern.RawText}";

    /// <summary>Starts the server.</summary>
    /// <param name="runs">The service.</param>
    /// <param name="options">Addresses, tokens and limits.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">An address is invalid, or other machines could reach it without a token.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public static Task<ApiServer> StartAsync(IRunService runs, ApiServerOptions options, CancellationToken cancellation = default) =>
        StartAsync(runs, options, isOpen: options.Token is not null, cancellation);

    /// <summary>Starts a server that answers only health checks, without a token.</summary>
    /// <param name="options">Addresses, and what the checks answer.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">An address is invalid.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public static Task<ApiServer> StartHealthAsync(ApiServerOptions options, CancellationToken cancellation = default) =>
        StartAsync(null, options, isOpen: true, cancellation);

    /// <summary>
    /// Stops listening. Open streams are cut, so that their readers reconnect elsewhere; other requests are completed first.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<ApiServer> StartAsync(IRunService? runs, ApiServerOptions options, bool isOpen,
        CancellationToken cancellation)
    {
        if (options is { ViewerToken: not null, Token: null })
            throw new BadInputException("--viewer-token-file", null, null,
                "only together with the operator's token (--token-file or VAECLUSTER_TOKEN)");
        if (options.ViewerToken is not null && options.ViewerToken == options.Token)
            throw new BadInputException("--viewer-token-file", null, null, "a different token than the operator's");
        string[] urls = [.. options.Urls.Select(url => ListenAddress.Check(url, isOpen))];

        var connections = new ConnectionGate(options);

        // Start empty, so that no settings file or environment variable of the framework changes what the server does.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.LargestBody;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
            kestrel.Limits.RequestHeadersTimeout = options.IdleTimeout / 4;
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => connections.ServeAsync(connection, next)));
        });
        builder.Services.AddRoutingCore();
        var tokens = new Tokens(options);
        var sessions = new SessionCookie(options, new SessionStore(options.Token is null ? null : options.SessionFolder, options.Time));
        if (runs is not null) ApiDescription.Add(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        WebApplication app = builder.Build();
        foreach (string url in urls) app.Urls.Add(url);
        app.UseMiddleware<ProblemMiddleware>(options);
        app.UseMiddleware<RateLimit>(options);
        if (runs is not null) app.UseMiddleware<AccessMiddleware>(options, tokens, sessions);
        options.Extend?.Invoke(app);
        app.UseRouting();
        HealthEndpoints.Map(app, options.WhyNotReady ?? (runs is null ? _ => Task.FromResult<string?>(null) : runs.WhyNotReadyAsync));
        if (runs is not null)
        {
            var gate = new StreamGate(options, app.Lifetime.ApplicationStopping);
            var events = new EventStream(options, gate);
            RunEndpoints.Map(app, runs, events, new WatchStream(runs, options, gate));
            if (options.Sweeps is { } sweeps) SweepEndpoints.Map(app, sweeps, events);
            FigureEndpoints.Map(app, runs);
            SessionEndpoints.Map(app, tokens, sessions);
            ApiDescription.Map(app);
            DashboardEndpoints.Map(app);
        }

        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ApiServer(app);
    }
}
