using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Cli.Remote;

/// <summary>Talks to a server about runs. Every fault is one line: bad input where the server found it in what was sent, else a
/// <see cref="ServerFailure"/>.</summary>
internal sealed class RunClient : IDisposable
{
    private const string Runs = "api/v1/runs", Sweeps = "api/v1/sweeps";

    // How long a restart of a server with its runs may take.
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(2), RetryInterval = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="token">The token; null: none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BadInputException">The address is none.</exception>
    internal RunClient(string server, string? token, TimeProvider time)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new BadInputException("--server", null, server, "an address such as http://127.0.0.1:5080");
        Server = server.TrimEnd('/');
        _time = time;
        _client = new HttpClient { BaseAddress = new Uri(Server + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null) _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The server's address, without a slash at its end.</summary>
    internal string Server { get; }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Submits a run.</summary>
    /// <param name="submission">The run; with patience it has a key.</param>
    /// <param name="patience">How long to ask again where the server does not answer, or not yet.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal Task<RunInfo> SubmitAsync(RunSubmission submission, TimeSpan patience, CancellationToken cancellation) =>
        SubmitAsync<RunSubmission, RunInfo>(Runs, submission, patience, cancellation);

    /// <summary>Submits a sweep.</summary>
    /// <param name="submission">The sweep; with patience it has a key.</param>
    /// <param name="patience">How long to ask again where the server does not answer, or not yet.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal Task<SweepInfo> SubmitAsync(SweepSubmission submission, TimeSpan patience, CancellationToken cancellation) =>
        SubmitAsync<SweepSubmission, SweepInfo>(Sweeps, submission, patience, cancellation);

    internal Task<RunPage> ListAsync(CancellationToken cancellation) => SendAsync<RunPage>(HttpMethod.Get, Runs, null, cancellation);

    internal Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) =>
        SendAsync<RunInfo>(HttpMethod.Get, PathOf(id), null, cancellation);

    internal Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) =>
        SendAsync<RunInfo>(HttpMethod.Post, $"{PathOf(id)}/cancel", null, cancellation);

    internal Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation) =>
        SendAsync<RunInfo>(HttpMethod.Post,
            FormattableString.Invariant($"{PathOf(id)}/resume{(workers is null ? "" : $"?workers={workers}")}"), null, cancellation);

    internal Task<SweepPage?> ListSweepsAsync(CancellationToken cancellation) => FindAsync<SweepPage>(Sweeps, cancellation);

    /// <summary>A sweep; null: the server has none of this id.</summary>
    internal Task<SweepInfo?> FindSweepAsync(string id, CancellationToken cancellation) =>
        FindAsync<SweepInfo>(PathOfSweep(id), cancellation);

    /// <summary>Asks for a change of state: <c>cancel</c>, <c>pause</c> or <c>resume</c>.</summary>
    internal Task<SweepInfo> TellSweepAsync(string id, string what, CancellationToken cancellation) =>
        SendAsync<SweepInfo>(HttpMethod.Post, $"{PathOfSweep(id)}/{what}", null, cancellation);

    internal Task<SweepInfo> ChangeSweepAsync(string id, IReadOnlyList<string> set, CancellationToken cancellation) => SendAsync<SweepInfo>(
        HttpMethod.Post, $"{PathOfSweep(id)}/change", JsonContent.Create(new SweepChangeRequest(set), options: ApiJson.Options),
        cancellation);

    /// <summary>The lines of a sweep's log, each once, up to <c>end</c>; see
    /// <see cref="FollowAsync(string, int, CancellationToken)"/>.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    internal IAsyncEnumerable<SseItem<string>> FollowSweepAsync(string id, CancellationToken cancellation) =>
        FollowAsync($"{PathOfSweep(id)}/events", cancellation);

    /// <summary>
    /// The events of a run from a step on, each once, up to <c>end</c>. A connection that breaks is made anew from the last event on, for
    /// as long as it takes to start a server again.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="fromStep">The first step that is wanted.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    internal IAsyncEnumerable<SseItem<string>> FollowAsync(string id, int fromStep, CancellationToken cancellation) =>
        FollowAsync($"{PathOf(id)}/events?fromStep={fromStep}", cancellation);

    private async Task<TInfo> SubmitAsync<TSubmission, TInfo>(string path, TSubmission submission, TimeSpan patience,
        CancellationToken cancellation)
    {
        long begun = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await SendAsync<TInfo>(HttpMethod.Post, path, JsonContent.Create(submission, options: ApiJson.Options),
                    cancellation);
            }
            catch (ServerFailure) when (_time.GetElapsedTime(begun) + RetryInterval <= patience)
            {
                await Task.Delay(RetryInterval, _time, cancellation);
            }
        }
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? lastId = null;
        long lastContact = _time.GetTimestamp();
        while (true)
        {
            await using var connection = new EventConnection(_client, path, lastId);
            while (await TryNextAsync(connection, lastContact, cancellation) is { } item)
            {
                lastContact = _time.GetTimestamp();
                lastId = item.EventId ?? lastId;
                yield return item;
                if (item.EventType == "end") yield break;
            }

            await Task.Delay(RetryInterval, _time, cancellation);
        }
    }

    // Null: the connection is broken, and it is worth trying again.
    private async Task<SseItem<string>?> TryNextAsync(EventConnection connection, long lastContact, CancellationToken cancellation)
    {
        try
        {
            return await connection.NextAsync(RefusalAsync, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or ServerFailure
            && !cancellation.IsCancellationRequested)
        {
            if (_time.GetElapsedTime(lastContact) > LongestAbsence) throw fault as ServerFailure ?? Unreachable(fault);
            return null;
        }
    }

    // Null: there is nothing there, as on a server without sweeps.
    private async Task<T?> FindAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(path, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, cancellation);
            return await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellation) ?? throw NoServer(null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Unreachable(fault);
        }
        catch (JsonException fault)
        {
            throw NoServer(fault);
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, cancellation);
            return await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellation) ?? throw NoServer(null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Unreachable(fault);
        }
        catch (JsonException fault)
        {
            throw NoServer(fault);
        }
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != ApiProblem.ContentType) return NoServer(null);
        ApiProblem? problem = await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options, cancellation);
        if (problem is null) return NoServer(null);
        if (problem is { File: { } file, Allowed: { } allowed } && response.StatusCode != HttpStatusCode.ServiceUnavailable)
            return new BadInputException(file, problem.Field, problem.Value, allowed);
        return (int)response.StatusCode is >= 400 and < 500
            ? new BadInputException(Server, null, null, problem.Detail)
            : new ServerFailure($"{Server}: {problem.Detail}");
    }

    private ServerFailure Unreachable(Exception fault) =>
        new($"{Server} cannot be reached: {(fault.InnerException ?? fault).Message.ReplaceLineEndings(" ")}", fault);

    private ServerFailure NoServer(Exception? fault) => new($"{Server} answers, but is not a VaeCluster server", fault);

    private static string PathOfSweep(string id) => $"{Sweeps}/{Uri.EscapeDataString(id)}";

    private static string PathOf(string id) => $"{Runs}/{Uri.EscapeDataString(id)}";
}
