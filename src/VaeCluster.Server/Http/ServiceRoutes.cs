using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using static VaeCluster.Server.Http.RequestValues;

namespace VaeCluster.Server.Http;

/// <summary>The routes that runs and sweeps have in common, below one path.</summary>
/// <typeparam name="T">The description of a run or sweep.</typeparam>
/// <param name="routes">The server's routes.</param>
/// <param name="path">Such as <c>/api/v1/runs</c>.</param>
/// <param name="noun">Run or sweep, for messages.</param>
internal sealed class ServiceRoutes<T>(IEndpointRouteBuilder routes, string path, string noun)
{
    private const int DefaultPage = 50, LargestPage = 500;

    /// <summary><c>POST</c>: submits a run or sweep.</summary>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="body">The type of the request body.</param>
    /// <param name="submit">Reads the request and submits what it holds.</param>
    /// <param name="id">Returns the id of what was submitted.</param>
    internal void Submit(string described, Type body, Func<HttpContext, Task<T>> submit, Func<T, string> id) =>
        routes.MapPost(path, async context =>
    {
        T submitted = await submit(context);
        context.Response.Headers.Location = $"{path}/{id(submitted)}";
        await WriteAsync(context, StatusCodes.Status201Created, submitted);
    }).Describe(described, typeof(T), StatusCodes.Status201Created, body: body);

    /// <summary><c>GET</c>: a page of the list.</summary>
    /// <typeparam name="TPage">The type of a page.</typeparam>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="list">Returns a page, given the limit and the id to continue after.</param>
    internal void List<TPage>(string described, Func<int, string?, CancellationToken, Task<TPage>> list) =>
        routes.MapGet(path, async context =>
    {
        int limit = Number(context, "limit", 1, LargestPage) ?? DefaultPage;
        await WriteAsync(context, StatusCodes.Status200OK, await list(limit, Text(context, "after"), context.RequestAborted));
    }).Describe(
        described, typeof(TPage), query:
        [
            new ApiParameter("limit", "integer", $"most to return, from 1 to {LargestPage}; default {DefaultPage}"),
            new ApiParameter("after", "string", "the last id of the previous page"),
        ]);

    /// <summary><c>GET</c>: part of the description of a run or sweep.</summary>
    /// <typeparam name="TAnswer">The type of the answer.</typeparam>
    /// <param name="below">The path below the run's or sweep's; empty for that path itself.</param>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="read">Returns the answer.</param>
    internal void Get<TAnswer>(string below, string described, Func<string, CancellationToken, Task<TAnswer>> read) =>
        routes.MapGet(Of(below), async context =>
        await WriteAsync(context, StatusCodes.Status200OK, await read(Id(context), context.RequestAborted)))
            .Describe(described, typeof(TAnswer));

    /// <summary><c>POST</c>: starts an action on a run or sweep, which may take a while.</summary>
    /// <param name="verb">The path below the run's or sweep's.</param>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="act">Starts the action.</param>
    /// <param name="body">The type of the request body; null for none.</param>
    /// <param name="query">The query parameters.</param>
    internal void Post(string verb, string described, Func<HttpContext, string, Task<T>> act, Type? body = null,
        params ApiParameter[] query) =>
        routes.MapPost(Of(verb), async context => await WriteAsync(context, StatusCodes.Status202Accepted, await act(context, Id(context))))
            .Describe(described, typeof(T), StatusCodes.Status202Accepted, body: body, query: query);

    /// <summary><c>DELETE</c>: removes a run or sweep.</summary>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="delete">Removes the run or sweep.</param>
    internal void Delete(string described, Func<string, CancellationToken, Task> delete) =>
        routes.MapDelete(Of(string.Empty), async context =>
    {
        await delete(Id(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }).Describe(described, null, StatusCodes.Status204NoContent);

    /// <summary><c>GET</c>: a stream of events.</summary>
    /// <param name="below">The path below the run's or sweep's.</param>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="write">Writes the stream.</param>
    /// <param name="query">The query parameters.</param>
    internal void Stream(string below, string described, Func<HttpContext, string, Task> write, params ApiParameter[] query) =>
        routes.MapGet(Of(below), context => write(context, Id(context))).Describe(described, null, type: "text/event-stream", query: query);

    /// <summary><c>GET</c>: the report, a self-contained page that may load nothing.</summary>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="open">Opens the file; null if there is none yet.</param>
    /// <param name="when">The end of the message if there is none yet: when there will be one.</param>
    internal void Report(string described, Func<string, CancellationToken, Task<Stream?>> open, string when) =>
        routes.MapGet(Of("/report"), async context =>
    {
        await using Stream page = await open(Id(context), context.RequestAborted) ?? throw NotYet(Id(context), "report", when);
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
        await SendAsync(context, page, "text/html; charset=utf-8");
    }).Describe(described, null, type: "text/html");

    /// <summary><c>GET</c>: a JSON file.</summary>
    /// <typeparam name="TAnswer">The type of its content.</typeparam>
    /// <param name="word">Its name in the path and in messages.</param>
    /// <param name="described">The description in the OpenAPI document.</param>
    /// <param name="open">Opens the file; null if there is none yet.</param>
    /// <param name="when">The end of the message if there is none yet: when there will be one.</param>
    internal void File<TAnswer>(string word, string described, Func<string, CancellationToken, Task<Stream?>> open, string when) =>
        routes.MapGet(Of($"/{word}"), async context =>
        {
            await using Stream content = await open(Id(context), context.RequestAborted) ?? throw NotYet(Id(context), word, when);
            await SendAsync(context, content, "application/json");
        }).Describe(described, typeof(TAnswer));

    private string Of(string below) => $"{path}/{{id}}{below}";

    private RunRefusedException NotYet(string id, string word, string when) =>
        new(RunRefusal.NotFound, new BadInputException(noun, null, id, $"this {noun} has no {word} yet{when}"));
}
