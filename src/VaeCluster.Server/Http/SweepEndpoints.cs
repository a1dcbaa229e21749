using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Trials;
using static VaeCluster.Server.Http.RequestValues;

namespace VaeCluster.Server.Http;

/// <summary>The addresses of sweeps, <c>/api/v1/sweeps</c>.</summary>
internal static class SweepEndpoints
{
    private const string Sweeps = "/api/v1/sweeps", Sweep = Sweeps + "/{id}";
    private const int DefaultPage = 50, LargestPage = 500;

    private static readonly string[] Yaml = ["application/yaml", "application/x-yaml", "text/yaml"];

    /// <summary>Adds them.</summary>
    /// <param name="routes">The server's addresses.</param>
    /// <param name="sweeps">The service.</param>
    /// <param name="events">Streams of logs.</param>
    internal static void Map(IEndpointRouteBuilder routes, ISweepService sweeps, SweepEvents events)
    {
        MapSweeps(routes, sweeps);
        MapEnds(routes, sweeps);
        routes.MapGet($"{Sweep}/events", context => events.WriteAsync(context, Id(context)))
            .Describe("Every line of the sweep's log as an event; Last-Event-ID goes on where a reader was cut off", null, type: "text/event-stream");
        routes.MapGet($"{Sweep}/report", context =>
        {
            // The page is made of the sweep's own text and pictures; it needs nothing from anywhere.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
            return SendAsync(context, sweeps, SweepArtifact.Report, "text/html; charset=utf-8", "report");
        }).Describe("The report of a finished sweep", null, type: "text/html");
        routes.MapGet($"{Sweep}/summary", context => SendAsync(context, sweeps, SweepArtifact.Summary, "application/json", "summary"))
            .Describe("summary.json: the trials that have begun, with their ranking", typeof(SweepSummary));
    }

    private static void MapSweeps(IEndpointRouteBuilder routes, ISweepService sweeps)
    {
        routes.MapPost(Sweeps, async context =>
        {
            SweepInfo sweep = await sweeps.SubmitAsync(await ReadAsync(context.Request), context.RequestAborted);
            context.Response.Headers.Location = $"{Sweeps}/{sweep.Id}";
            await WriteAsync(context, StatusCodes.Status201Created, sweep);
        }).Describe("Check a sweep and queue it; a sweep file as application/yaml is taken too", typeof(SweepInfo), StatusCodes.Status201Created, body: typeof(SweepSubmission));
        routes.MapGet(Sweeps, async context =>
        {
            int limit = Number(context, "limit", 1, LargestPage) ?? DefaultPage;
            await WriteAsync(context, StatusCodes.Status200OK, await sweeps.ListAsync(limit, Text(context, "after"), context.RequestAborted));
        }).Describe(
            "Sweeps, newest first", typeof(SweepPage), query:
            [
                new ApiParameter("limit", "integer", $"at most so many, from 1 to {LargestPage}; {DefaultPage}"),
                new ApiParameter("after", "string", "the id that the page before ended with"),
            ]);
        routes.MapGet(Sweep, async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await sweeps.ShowAsync(Id(context), context.RequestAborted)))
            .Describe("One sweep with its file and its trials", typeof(SweepInfo));
    }

    private static void MapEnds(IEndpointRouteBuilder routes, ISweepService sweeps)
    {
        routes.MapPost($"{Sweep}/cancel", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await sweeps.CancelAsync(Id(context), context.RequestAborted)))
            .Describe("Stop a sweep: its trials after their steps in progress, with checkpoints", typeof(SweepInfo), StatusCodes.Status202Accepted);
        routes.MapPost($"{Sweep}/pause", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await sweeps.PauseAsync(Id(context), context.RequestAborted)))
            .Describe("As cancel, for a sweep that is meant to go on later", typeof(SweepInfo), StatusCodes.Status202Accepted);
        routes.MapPost($"{Sweep}/resume", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await sweeps.ResumeAsync(Id(context), context.RequestAborted)))
            .Describe("Queue a sweep to go on, its trials from their checkpoints", typeof(SweepInfo), StatusCodes.Status202Accepted);
        routes.MapDelete(Sweep, async context =>
        {
            await sweeps.DeleteAsync(Id(context), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }).Describe("Remove a sweep that is not in progress, with all that it and its trials have written", null, StatusCodes.Status204NoContent);
        routes.MapPost($"{Sweep}/change", async context =>
        {
            SweepChangeRequest change = await ParseAsync<SweepChangeRequest>(context.Request, "a JSON object with set, a list such as [\"parallel=4\"]");
            if (change.Set is null or [] || change.Set.Any(text => text is null))
                throw new BadInputException("request", "set", null, "a list of texts such as \"parallel=4\"");
            await WriteAsync(context, StatusCodes.Status202Accepted, await sweeps.ChangeAsync(Id(context), change.Set, context.RequestAborted));
        }).Describe(
            "Change parallel, maxFailures or search.trials, also while the sweep runs", typeof(SweepInfo), StatusCodes.Status202Accepted, body: typeof(SweepChangeRequest));
    }

    private static async Task<SweepSubmission> ReadAsync(HttpRequest request)
    {
        string? type = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? header) ? header.MediaType.Value : null;
        if (Yaml.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return new SweepSubmission { SweepFile = await reader.ReadToEndAsync(request.HttpContext.RequestAborted) };
        }

        if (!"application/json".Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException(
                $"Content-Type is '{type}': application/yaml with a sweep file, or application/json with {{ \"sweepFile\": \"…\" }}",
                StatusCodes.Status415UnsupportedMediaType);
        }

        return Check(await ParseAsync<SweepSubmission>(request, "a JSON object with sweepFile, and if need be baseFile and overrides"));
    }

    private static async Task<T> ParseAsync<T>(HttpRequest request, string allowed)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Options, request.HttpContext.RequestAborted)
                ?? throw new BadInputException("request", null, "null", allowed);
        }
        catch (JsonException fault)
        {
            string place = string.IsNullOrEmpty(fault.Path) || fault.Path == "$" ? string.Empty : $" (at {fault.Path})";
            throw new BadInputException("request", null, null, allowed + place, fault);
        }
    }

    private static SweepSubmission Check(SweepSubmission submission)
    {
        const int LongestName = 255;
        if (submission.SweepFile is null) throw new BadInputException("request", "sweepFile", null, "the text of a sweep file");
        if (submission.Overrides is null || submission.Overrides.Any(text => text is null))
            throw new BadInputException("request", "overrides", null, "a list of texts such as \"search.trials=40\"");
        foreach ((string field, string? name) in new[] { ("fileName", submission.FileName), ("baseFileName", submission.BaseFileName) })
        {
            if (name is not null && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
                throw new BadInputException("request", field, name, $"a name of at most {LongestName} characters");
        }

        DemandKey(submission.Key);
        return submission;
    }

    private static async Task SendAsync(HttpContext context, ISweepService sweeps, SweepArtifact file, string contentType, string word)
    {
        string id = Id(context);
        await using Stream content = await sweeps.OpenAsync(id, file, context.RequestAborted)
            ?? throw new RunRefusedException(RunRefusal.NotFound, new BadInputException("sweep", null, id, $"this sweep has no {word} yet"));
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
