using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Runs;
using static VaeCluster.Server.Http.RequestValues;

namespace VaeCluster.Server.Http;

/// <summary>The routes of runs, <c>/api/v1/runs</c>.</summary>
internal static class RunEndpoints
{
    private const string Runs = "/api/v1/runs", AtItsEnd = "; it is written when the run finishes";
    private const int DefaultPoints = 500, LargestPoints = 4000;

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="runs">The service.</param>
    /// <param name="events">Streams of metrics.</param>
    /// <param name="watch">Streams of states.</param>
    internal static void Map(IEndpointRouteBuilder routes, IRunService runs, EventStream events, WatchStream watch)
    {
        var run = new ServiceRoutes<RunInfo>(routes, Runs, "run");
        run.Submit(
            "Check a run and queue it; also accepts a run file as application/yaml", typeof(RunSubmission),
            async context => await runs.SubmitAsync(await BodyReader.RunAsync(context.Request), context.RequestAborted),
            submitted => submitted.Id);
        run.List("Runs, newest first", runs.ListAsync);
        run.Get(string.Empty, "One run with its run file, and its result once it has one", runs.ShowAsync);
        run.Post("/cancel", "Stop a run after the step in progress, with a checkpoint",
            (context, id) => runs.CancelAsync(id, context.RequestAborted));
        run.Post("/pause", "Pause a run after the step in progress, with a checkpoint, to be resumed later",
            (context, id) => runs.PauseAsync(id, context.RequestAborted));
        run.Post(
            "/resume", "Queue a run to continue from its newest complete checkpoint",
            (context, id) => runs.ResumeAsync(id, Number(context, "workers", int.MinValue, int.MaxValue), context.RequestAborted), null,
            new ApiParameter("workers", "integer", "workers from now on; default as before"));
        run.Delete("Remove a run that is not in progress, with all that it has written", runs.DeleteAsync);
        run.Stream(
            "/events", "Every line of the metrics as an event; Last-Event-ID continues where a reader was cut off",
            (context, id) => FollowAsync(context, id, runs, events),
            new ApiParameter("fromStep", "integer", "the first step to return; default 0"));
        run.Stream(
            "/watch", "The current state of the run, whenever it has changed",
            (context, id) => watch.WriteAsync(context, id, Real(context, "interval", 0.5, 60) ?? 1),
            new ApiParameter("interval", "number", "seconds between two events, from 0.5 to 60; default 1"));
        routes.MapGet($"{Runs}/{{id}}/curve", async context =>
        {
            int points = Number(context, "points", 4, LargestPoints) ?? DefaultPoints;
            await WriteAsync(context, StatusCodes.Status200OK, await runs.CurveAsync(Id(context), points, context.RequestAborted));
        }).Describe(
            "The metrics thinned to a few points, keeping the lowest and highest of every stretch", typeof(RunCurve),
            query: new ApiParameter("points", "integer", $"most points per curve, from 4 to {LargestPoints}; default {DefaultPoints}"));
        run.Get("/workers", "The workers of a run in progress, and the phases of its last steps", runs.WorkersAsync);
        run.Report("The report of a finished run", (id, cancellation) => runs.OpenAsync(id, RunArtifact.Report, cancellation), AtItsEnd);
        run.File<RunResult>("result", "result.json of a finished run",
            (id, cancellation) => runs.OpenAsync(id, RunArtifact.Result, cancellation), AtItsEnd);
        run.Get("/checkpoints", "The checkpoints, newest first", runs.CheckpointsAsync);
        routes.MapGet($"{Runs}/{{id}}/checkpoints/{{name}}/{{file}}", async context =>
        {
            string name = (string)context.Request.RouteValues["name"]!, file = (string)context.Request.RouteValues["file"]!;
            await using Stream content = await runs.OpenCheckpointAsync(Id(context), name, file, context.RequestAborted);
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{file}\"";
            await SendAsync(context, content, "application/octet-stream");
        }).Describe("A file of a checkpoint: model.safetensors, optimizer.safetensors, state.json, manifest.json", null,
            type: "application/octet-stream");
    }

    private static Task FollowAsync(HttpContext context, string id, IRunService runs, EventStream events)
    {
        MetricsPosition after = After(context.Request, Number(context, "fromStep", 0, int.MaxValue) ?? 0);
        return events.WriteAsync(
            context,
            cancellation => runs.ShowAsync(id, cancellation),
            cancellation => runs.FollowAsync(id, after, cancellation)
            .Select(line => new LoggedEvent(line.Position.ToString(), line.Kind, line.Json)));
    }

    private static MetricsPosition After(HttpRequest request, int fromStep)
    {
        MetricsPosition from = MetricsPosition.Before(fromStep);
        if (request.Headers[EventStream.LastEventId] is not [{ Length: > 0 } text]) return from;
        if (!MetricsPosition.TryParse(text, out MetricsPosition last))
            throw new BadInputException("request", EventStream.LastEventId, text, "the id of an event, such as 12.0");
        return last > from ? last : from;
    }
}
