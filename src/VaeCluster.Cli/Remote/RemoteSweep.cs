using System.Net.ServerSentEvents;
using System.Text.Json;
using VaeCluster.Cli.Progress;
using VaeCluster.Cli.Sweeps;
using VaeCluster.CommandLine;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Remote;

/// <summary>Shows a sweep on a server, a line for whatever happens to its trials.</summary>
/// <param name="client">Talks to the server.</param>
/// <param name="output">For progress and result.</param>
/// <param name="error">For notices.</param>
internal sealed class RemoteSweep(RunClient client, TextWriter output, TextWriter error)
{
    private readonly LineSweepProgress _progress = new(output, error);
    private readonly Dictionary<int, TrialRecord> _trials = [];

    /// <summary>Follows a sweep to its end.</summary>
    /// <param name="sweep">The sweep as it is now.</param>
    /// <param name="cancellation">Stops following; the sweep continues.</param>
    /// <returns>The exit code.</returns>
    internal int Follow(SweepInfo sweep, CancellationToken cancellation)
    {
        try
        {
            if (sweep.State == SweepState.Queued) error.WriteLine($"note: {sweep.Id} is queued behind other runs");
            return Report(FollowAsync(sweep.Id, cancellation).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine($"stopped following; {sweep.Id} continues on the server. {HowToFollow(sweep.Id)}");
            return ExitCodes.Stopped;
        }
    }

    /// <summary>A line that says how to look at a sweep again.</summary>
    /// <param name="id">The sweep.</param>
    internal string HowToFollow(string id) => $"Follow it with: {ProgramName.Value} status {id} --follow --server {client.Server}";

    private async Task<SweepInfo> FollowAsync(string id, CancellationToken cancellation)
    {
        await foreach (SseItem<string> item in client.FollowSweepAsync(id, cancellation))
        {
            if (item.EventType == "end") return JsonSerializer.Deserialize<SweepInfo>(item.Data, ApiJson.Options)!;
            Show(JsonSerializer.Deserialize<LogLine>(item.Data, SweepJson.Line)!);
        }

        throw new InvalidOperationException("the stream of events has no end");
    }

    private void Show(LogLine line)
    {
        switch (line.Kind)
        {
            case LogLine.Begin when line is { Trial: { } index, Parameters: { } parameters, Seed: { } seed }:
                _trials[index] = new TrialRecord
                {
                    Index = index,
                    Parameters = parameters,
                    Seed = seed,
                    Status = TrialStatus.Running,
                    Folder = string.Empty,
                    Steps = line.Step ?? 0,
                    TotalSteps = line.TotalSteps ?? 0,
                };
                _progress.OnBegun(new Trial(index, parameters, seed), _trials[index]);
                break;
            case LogLine.Score when line is { Trial: { } index, Scores: { } scores } && _trials.TryGetValue(index, out TrialRecord? known):
                _progress.OnMeasured(known with { Steps = line.Step ?? 0, Scores = scores });
                break;
            case LogLine.Failure:
                _progress.OnNotice($"trial {line.Trial} failed: {line.Error}");
                break;
            case LogLine.End when line.Record is { } record:
                _progress.OnEnded(record);
                break;
        }
    }

    private int Report(SweepInfo end)
    {
        if (end.Summary is { } summary)
        {
            foreach (string row in SweepText.Table(summary)) output.WriteLine(row);
            output.WriteLine(SweepText.Headline(summary));
        }

        switch (end.State)
        {
            case SweepState.Finished:
                output.WriteLine($"sweep   {end.Id} on {client.Server}");
                return ExitCodes.Done;
            case SweepState.Failed:
                error.WriteLine($"error: {end.Id}: {end.Error}");
                return ExitCodes.Failed;
            default:
                error.WriteLine($"{end.Id} is {end.State.ToString().ToLowerInvariant()}; resume with: {ProgramName.Value} resume {end.Id} --server {client.Server}");
                return ExitCodes.Stopped;
        }
    }
}
