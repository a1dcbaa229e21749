using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Training.Service;

namespace VaeCluster.Server.Http;

/// <summary>The addresses of runs, <c>/api/v1/runs</c>.</summary>
internal static class RunEndpoints
{
    private const string Runs = "/api/v1/runs", Run = Runs + "/{id}";
    private const int DefaultPage = 50, LargestPage = 500;

    /// <summary>Adds them.</summary>
    /// <param name="routes">The server's addresses.</param>
    /// <param name="runs">The service.</param>
    /// <param name="events">Streams of metrics.</param>
    internal static void Map(IEndpointRouteBuilder routes, IRunService runs, EventStream events)
    {
        routes.MapPost(Runs, async context =>
        {
            RunInfo run = await runs.SubmitAsync(await SubmissionReader.ReadAsync(context.Request), context.RequestAborted);
            context.Response.Headers.Location = $"{Runs}/{run.Id}";
            await WriteAsync(context, StatusCodes.Status201Created, run);
        });
        routes.MapGet(Runs, async context =>
        {
            int limit = Number(context, "limit", 1, LargestPage) ?? DefaultPage;
            await WriteAsync(context, StatusCodes.Status200OK, await runs.ListAsync(limit, Text(context, "after"), context.RequestAborted));
        });
        routes.MapGet(Run, async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await runs.ShowAsync(Id(context), context.RequestAborted)));
        routes.MapPost($"{Run}/cancel", async context =>
            await WriteAsync(context, StatusCodes.Status202Accepted, await runs.CancelAsync(Id(context), context.RequestAborted)));
        routes.MapPost($"{Run}/resume", async context =>
        {
            int? workers = Number(context, "workers", int.MinValue, int.MaxValue);
            await WriteAsync(context, StatusCodes.Status202Accepted, await runs.ResumeAsync(Id(context), workers, context.RequestAborted));
        });
        routes.MapGet($"{Run}/events", context => events.WriteAsync(context, Id(context), Number(context, "fromStep", 0, int.MaxValue) ?? 0));
        routes.MapGet($"{Run}/report", async context =>
        {
            // The page is made of the run's own text and pictures; it needs nothing from anywhere.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
            await SendAsync(context, runs, RunArtifact.Report, "text/html; charset=utf-8", "report");
        });
        routes.MapGet($"{Run}/result", context => SendAsync(context, runs, RunArtifact.Result, "application/json", "result"));
    }

    private static async Task SendAsync(HttpContext context, IRunService runs, RunArtifact file, string contentType, string word)
    {
        string id = Id(context);
        await using Stream content = await runs.OpenAsync(id, file, context.RequestAborted)
            ?? throw new RunRefusedException(RunRefusal.NotFound, new BadInputException("run", null, id, $"this run has no {word} yet; it has one at its end"));
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T answer)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, ApiJson.Options, context.RequestAborted);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string? Text(HttpContext context, string name) => context.Request.Query[name] is [{ } text, ..] ? text : null;

    private static int? Number(HttpContext context, string name, int least, int most)
    {
        if (Text(context, name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new BadInputException("request", name, text, FormattableString.Invariant($"a whole number from {least} to {most}"));
    }
}
