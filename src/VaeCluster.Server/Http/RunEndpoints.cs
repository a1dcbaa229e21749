using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics.Curves;
using static VaeCluster.Server.Http.RequestValues;

namespace VaeCluster.Server.Http;

/// <summary>The addresses of runs, <c>/api/v1/runs</c>.</summary>
internal static class RunEndpoints
{
    private const string Runs = "/api/v1/runs", Run = Runs + "/{id}";
    private const int DefaultPage = 50, LargestPage = 500, DefaultPoints = 500, LargestPoints = 4000;

    /// <summary>Adds them.</summary>
    /// <param name="routes">The server's addresses.</param>
    /// <param name="runs">The service.</param>
    /// <param name="events">Streams of metrics.</param>
    /// <param name="watch">Streams of states.</param>
    internal static void Map(IEndpointRouteBuilder routes, IRunService runs, EventStream events, WatchStream watch)
    {
        MapRuns(routes, runs);
        MapEnds(routes, runs);
        MapWatching(routes, runs, events, watch);
        MapFiles(routes, runs);
    }

    private static void MapRuns(IEndpointRouteBuilder routes, IRunService runs)
    {
        routes.MapPost(Runs, async context =>
        {
            RunInfo run = await runs.SubmitAsync(await SubmissionReader.ReadAsync(context.Request), context.RequestAborted);
            context.Response.Headers.Location = $"{Runs}/{run.Id}";
            await WriteAsync(context, StatusCodes.Status201Created, run);
        }).Describe("Check a run and queue it; a run file as application/yaml is taken too", typeof(RunInfo), StatusCodes.Status201Created, body: typeof(RunSubmission));
        routes.MapGet(Runs, async context =>
        {
            int limit = Number(context, "limit", 1, LargestPage) ?? DefaultPage;
            await WriteAsync(context, StatusCodes.Status200OK, await runs.ListAsync(limit, Text(context, "after"), context.RequestAborted));
        }).Describe(
            "Runs, newest first", typeof(RunPage), query:
            [
                new ApiParameter("limit", "integer", $"at most so many, from 1 to {LargestPage}; {DefaultPage}"),
                new ApiParameter("after", "string", "the id that the page before ended with"),
            ]);
        routes.MapGet(Run, async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await runs.ShowAsync(Id(context), context.RequestAborted)))
            .Describe("One run with its run file, and its result once it has one", typeof(RunInfo));
    }

    private static void MapEnds(IEndpointRouteBuilder routes, IRunService runs)
    {
        routes.MapPost($"{Run}/cancel", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await runs.CancelAsync(Id(context), context.RequestAborted)))
            .Describe("Stop a run after the step in progress, with a checkpoint", typeof(RunInfo), StatusCodes.Status202Accepted);
        routes.MapPost($"{Run}/pause", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await runs.PauseAsync(Id(context), context.RequestAborted)))
            .Describe("As cancel, for a run that is meant to go on later", typeof(RunInfo), StatusCodes.Status202Accepted);
        routes.MapPost($"{Run}/resume", async context =>
        {
            int? workers = Number(context, "workers", int.MinValue, int.MaxValue);
            await WriteAsync(context, StatusCodes.Status202Accepted, await runs.ResumeAsync(Id(context), workers, context.RequestAborted));
        }).Describe(
            "Queue a run to go on from its newest whole checkpoint", typeof(RunInfo), StatusCodes.Status202Accepted,
            query: new ApiParameter("workers", "integer", "workers from now on; as before"));
        routes.MapDelete(Run, async context =>
        {
            await runs.DeleteAsync(Id(context), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }).Describe("Remove a run that is not in progress, with all that it has written", null, StatusCodes.Status204NoContent);
    }

    private static void MapWatching(IEndpointRouteBuilder routes, IRunService runs, EventStream events, WatchStream watch)
    {
        routes.MapGet($"{Run}/events", context => events.WriteAsync(context, Id(context), Number(context, "fromStep", 0, int.MaxValue) ?? 0))
            .Describe(
                "Every line of the metrics as an event; Last-Event-ID goes on where a reader was cut off", null, type: "text/event-stream",
                query: new ApiParameter("fromStep", "integer", "the first step that is wanted; 0"));
        routes.MapGet($"{Run}/watch", context => watch.WriteAsync(context, Id(context), Real(context, "interval", 0.5, 60) ?? 1))
            .Describe(
                "The run as it stands, whenever it has changed", null, type: "text/event-stream",
                query: new ApiParameter("interval", "number", "seconds between two events, from 0.5 to 60; 1"));
        routes.MapGet($"{Run}/curve", async context =>
        {
            int points = Number(context, "points", 4, LargestPoints) ?? DefaultPoints;
            await WriteAsync(context, StatusCodes.Status200OK, await runs.CurveAsync(Id(context), points, context.RequestAborted));
        }).Describe(
            "The metrics in few points, with the lowest and highest of every stretch", typeof(RunCurve),
            query: new ApiParameter("points", "integer", $"at most so many a curve, from 4 to {LargestPoints}; {DefaultPoints}"));
        routes.MapGet($"{Run}/workers", async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await runs.WorkersAsync(Id(context), context.RequestAborted)))
            .Describe("The workers of a run in progress, and the phases of its last steps", typeof(RunWorkers));
    }

    private static void MapFiles(IEndpointRouteBuilder routes, IRunService runs)
    {
        routes.MapGet($"{Run}/report", async context =>
        {
            // The page is made of the run's own text and pictures; it needs nothing from anywhere.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
            await SendAsync(context, runs, RunArtifact.Report, "text/html; charset=utf-8", "report");
        }).Describe("The report of a finished run", null, type: "text/html");
        routes.MapGet($"{Run}/result", context => SendAsync(context, runs, RunArtifact.Result, "application/json", "result"))
            .Describe("result.json of a finished run", typeof(Training.Runs.RunResult));
        routes.MapGet($"{Run}/checkpoints", async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await runs.CheckpointsAsync(Id(context), context.RequestAborted)))
            .Describe("The checkpoints, newest first", typeof(IReadOnlyList<RunCheckpoint>));
        routes.MapGet($"{Run}/checkpoints/{{name}}/{{file}}", async context =>
        {
            string name = (string)context.Request.RouteValues["name"]!, file = (string)context.Request.RouteValues["file"]!;
            await using Stream content = await runs.OpenCheckpointAsync(Id(context), name, file, context.RequestAborted);
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{file}\"";
            await SendAsync(context, content, "application/octet-stream");
        }).Describe("A file of a checkpoint: model.safetensors, optimizer.safetensors, state.json, manifest.json", null, type: "application/octet-stream");
    }

    private static async Task SendAsync(HttpContext context, IRunService runs, RunArtifact file, string contentType, string word)
    {
        string id = Id(context);
        await using Stream content = await runs.OpenAsync(id, file, context.RequestAborted)
            ?? throw new RunRefusedException(RunRefusal.NotFound, new BadInputException("run", null, id, $"this run has no {word} yet; it has one at its end"));
        await SendAsync(context, content, contentType);
    }

    private static async Task SendAsync(HttpContext context, Stream content, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
