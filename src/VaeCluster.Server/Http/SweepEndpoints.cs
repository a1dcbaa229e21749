using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Server.Http;

/// <summary>The routes of sweeps, <c>/api/v1/sweeps</c>.</summary>
internal static class SweepEndpoints
{
    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="sweeps">The service.</param>
    /// <param name="events">Streams of logs.</param>
    internal static void Map(IEndpointRouteBuilder routes, ISweepService sweeps, EventStream events)
    {
        var sweep = new ServiceRoutes<SweepInfo>(routes, "/api/v1/sweeps", "sweep");
        sweep.Submit(
            "Check a sweep and queue it; also accepts a sweep file as application/yaml", typeof(SweepSubmission),
            async context => await sweeps.SubmitAsync(await BodyReader.SweepAsync(context.Request), context.RequestAborted),
            submitted => submitted.Id);
        sweep.List("Sweeps, newest first", sweeps.ListAsync);
        sweep.Get(string.Empty, "One sweep with its file and its trials", sweeps.ShowAsync);
        sweep.Post("/cancel", "Stop a sweep; its trials stop after the step in progress, with checkpoints",
            (context, id) => sweeps.CancelAsync(id, context.RequestAborted));
        sweep.Post("/pause", "Pause a sweep; its trials stop with checkpoints, to be resumed later",
            (context, id) => sweeps.PauseAsync(id, context.RequestAborted));
        sweep.Post("/resume", "Queue a sweep to continue, its trials from their checkpoints",
            (context, id) => sweeps.ResumeAsync(id, context.RequestAborted));
        sweep.Delete("Remove a sweep that is not in progress, with all that it and its trials have written", sweeps.DeleteAsync);
        sweep.Post(
            "/change", "Change parallel, maxFailures or search.trials, also while the sweep runs",
            async (context, id) => await sweeps.ChangeAsync(id, await BodyReader.ChangeAsync(context.Request), context.RequestAborted),
            typeof(SweepChangeRequest));
        sweep.Stream(
            "/events", "Every line of the sweep's log as an event; Last-Event-ID continues where a reader was cut off",
            (context, id) => FollowAsync(context, id, sweeps, events));
        sweep.Report("The report of a finished sweep", (id, cancellation) => sweeps.OpenAsync(id, SweepArtifact.Report, cancellation),
            string.Empty);
        sweep.File<SweepSummary>(
            "summary", "summary.json: the trials begun so far, with their ranking",
            (id, cancellation) => sweeps.OpenAsync(id, SweepArtifact.Summary, cancellation), string.Empty);
    }

    private static Task FollowAsync(HttpContext context, string id, ISweepService sweeps, EventStream events)
    {
        long after = After(context.Request);
        return events.WriteAsync(
            context,
            cancellation => sweeps.ShowAsync(id, cancellation),
            cancellation => sweeps.FollowAsync(id, after, cancellation)
                .Select(line => new LoggedEvent(line.Position.ToString(CultureInfo.InvariantCulture), line.Kind, line.Json)));
    }

    private static long After(HttpRequest request)
    {
        if (request.Headers[EventStream.LastEventId] is not [{ Length: > 0 } text]) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : throw new BadInputException("request", EventStream.LastEventId, text, "the id of an event, such as 12");
    }
}
