using System.Diagnostics;
using VaeCluster.Core.Instruments;

namespace VaeCluster.Training.Instruments;

/// <summary>
/// Traces of a step: the coordinator's activity <c>step</c>, under it <c>compute</c> of each node at its worker and <c>apply</c> of each
/// range, also on other machines: assignments and decisions carry the context. Nothing is made where nobody listens.
/// </summary>
public static class StepTraces
{
    private static readonly ActivitySource Source = new(InstrumentNames.Traces);

    /// <summary>Whether somebody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>A step begins at its coordinator.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="generation">The generation that the call is for.</param>
    /// <returns>To be disposed of at its end; null: nobody listens, or this one is not sampled.</returns>
    public static Activity? Step(int step, int generation)
    {
        Activity? activity = Source.StartActivity("step");
        activity?.SetTag("vaecluster.step", step).SetTag("vaecluster.generation", generation);
        return activity;
    }

    /// <summary>What others need to add to the trace of the step in progress; null: it is not traced.</summary>
    public static string? Context => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Adds what has been done for a step to its trace.</summary>
    /// <param name="name">What.</param>
    /// <param name="context">See <see cref="Context"/>; null: the step is not traced.</param>
    /// <param name="started">When it began, a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="where">The worker or range.</param>
    public static void Add(string name, string? context, long started, int step, string where)
    {
        if (context is null || !IsOn || !ActivityContext.TryParse(context, null, isRemote: true, out ActivityContext parent)) return;
        DateTimeOffset began = DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(started);
        using Activity? activity = Source.StartActivity(name, ActivityKind.Internal, parent, startTime: began);
        activity?.SetTag("vaecluster.step", step).SetTag("vaecluster.where", where);
    }
}
