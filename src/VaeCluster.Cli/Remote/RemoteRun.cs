using System.Net.ServerSentEvents;
using System.Text.Json;
using VaeCluster.Cli.Progress;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core.Specs;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cli.Remote;

/// <summary>Shows a run on a server as <c>train</c> shows one of this process.</summary>
/// <param name="client">Talks to the server.</param>
/// <param name="output">For progress and result.</param>
/// <param name="error">For notices.</param>
internal sealed class RemoteRun(RunClient client, TextWriter output, TextWriter error)
{
    private readonly TrainingProgress _progress = TrainingProgress.Create(output, error);
    private bool _started;

    /// <summary>Follows a run to its end.</summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="fromStep">The first step to show.</param>
    /// <param name="cancellation">Stops following; the run continues.</param>
    /// <returns>The exit code.</returns>
    internal int Follow(RunInfo run, int fromStep, CancellationToken cancellation)
    {
        try
        {
            if (run.State == RunState.Queued) error.WriteLine($"note: {run.Id} is queued behind other runs");
            RunInfo end = run;
            _progress.Watch(() => end = FollowAsync(run, fromStep, cancellation).GetAwaiter().GetResult());
            return Report(end);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine($"stopped following; {run.Id} continues on the server. {HowToFollow(run.Id)}");
            return ExitCodes.Stopped;
        }
    }

    /// <summary>A line that says how to look at a run again.</summary>
    /// <param name="id">The run.</param>
    internal string HowToFollow(string id) => $"Follow it with: {ProgramName.Value} status {id} --follow --server {client.Server}";

    private async Task<RunInfo> FollowAsync(RunInfo run, int fromStep, CancellationToken cancellation)
    {
        await foreach (SseItem<string> item in client.FollowAsync(run.Id, fromStep, cancellation))
        {
            if (item.EventType == "end") return JsonSerializer.Deserialize<RunInfo>(item.Data, ApiJson.Options)!;
            using JsonDocument json = JsonDocument.Parse(item.Data);
            if (!_started) await StartAsync(run.Id, json.RootElement.GetProperty("step").GetInt32(), cancellation);
            if (_started) Show(item.EventType, json.RootElement);
        }

        throw new InvalidOperationException("the stream of events has no end");
    }

    // Sizes are known from the moment that training begins, which the first line of metrics follows.
    private async Task StartAsync(string id, int firstStep, CancellationToken cancellation)
    {
        RunInfo run = await client.ShowAsync(id, cancellation);
        if (run is not { Beginning: { } beginning, RunFile: { } text }) return;
        RunSpec spec = RunFile.Parse(text, run.Id, Environment.CurrentDirectory, [], Environment.CurrentDirectory, RunVocabulary.All);
        foreach (string note in run.Notes) _progress.OnNotice(note);
        _progress.OnStarted(new RunStart(
            spec, new RunFolder(run.Id), firstStep, beginning.StepsPerEpoch, beginning.TotalSteps, beginning.Parameters, run.Workers,
            beginning.Threads,
            beginning.Engine));
        _started = true;
    }

    private void Show(string kind, JsonElement line)
    {
        int step = line.GetProperty("step").GetInt32(), epoch = line.GetProperty("epoch").GetInt32();
        double reconstruction = Number(line, "reconstruction"), kl = Number(line, "kl");
        switch (kind)
        {
            case "step":
                _progress.OnStep(new StepRecord
                {
                    Step = step,
                    Epoch = epoch,
                    Loss = Number(line, "loss"),
                    Reconstruction = reconstruction,
                    Kl = kl,
                    Beta = Number(line, "beta"),
                    LearningRate = Number(line, "learningRate"),
                    GradientNorm = Number(line, "gradientNorm"),
                    SamplesPerSecond = Number(line, "samplesPerSecond"),
                    Skipped = line.TryGetProperty("skipped", out _),
                });
                break;
            case "epoch":
                _progress.OnEpoch(new EpochRecord(step, epoch, Number(line, "loss"), reconstruction, kl, Number(line, "samplesPerSecond")));
                break;
            case "evaluation":
                double[] dimensions = [.. line.GetProperty("klPerDimension").EnumerateArray().Select(Number)];
                _progress.OnEvaluation(new EvaluationRecord(
                    step, epoch, line.GetProperty("split").GetString()!, line.GetProperty("examples").GetInt32(), reconstruction, kl,
                    dimensions,
                    line.GetProperty("activeUnits").GetInt32()));
                break;
        }
    }

    private int Report(RunInfo end)
    {
        switch (end.State)
        {
            case RunState.Finished when end.Result is { } result:
                output.WriteLine(ResultText.Summary(result));
                output.WriteLine($"run     {end.Id} on {client.Server}");
                output.WriteLine($"report  {client.Server}/api/v1/runs/{end.Id}/report");
                return ExitCodes.Done;
            case RunState.Failed:
                error.WriteLine($"error: {end.Id}: {end.Error}");
                return ExitCodes.Failed;
            default:
                error.WriteLine($"{end.Id} is stopped at step {end.Step}; resume with: {ProgramName.Value} resume {end.Id} --server {client.Server}");
                return ExitCodes.Stopped;
        }
    }

    private static double Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) ? Number(value) : double.NaN;

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
