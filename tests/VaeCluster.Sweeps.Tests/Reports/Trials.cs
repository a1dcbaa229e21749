using System.Text.Json;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Reports;

/// <summary>Creates artificial trials.</summary>
internal static class Trials
{
    internal static readonly ReportScore Elbo = new("elbo", HigherIsBetter: true, "the bound");

    /// <summary>A finished trial.</summary>
    internal static TrialRecord Finished(
        int index, (string Field, object Value)[] parameters, (string Name, double Value)[] scores, long seed = 1) => new()
        {
            Index = index,
            Parameters = new OrderedDictionary<string, JsonElement>(
            parameters.Select(p => KeyValuePair.Create(p.Field, JsonSerializer.SerializeToElement(p.Value)))),
            Seed = seed,
            Status = TrialStatus.Finished,
            Folder = $"trials/{index:0000}",
            Steps = 100,
            TotalSteps = 100,
            Scores = new OrderedDictionary<string, double>(scores.Select(s => KeyValuePair.Create(s.Name, s.Value))),
        };

    /// <summary>A grid over β, latent size and seed, whose KL and reconstruction are functions of them.</summary>
    internal static TrialRecord[] Grid(double[] betas, int[] latents, long[] seeds)
    {
        var trials = new List<TrialRecord>();
        foreach (double beta in betas)
        {
            foreach (int latent in latents)
            {
                foreach (long seed in seeds)
                {
                    double kl = (20 / (1 + beta)) + (0.1 * latent) + (0.01 * seed), reconstruction = 60 + (10 * beta) - (0.5 * latent);
                    trials.Add(Finished(
                        trials.Count, [(ReportParameter.BetaField, beta), (ReportParameter.LatentField, latent)],
                        [("elbo", -(kl + reconstruction)), ("reconstruction", reconstruction), ("kl", kl), ("active-units", latent - 1)],
                        seed));
                }
            }
        }

        return [.. trials];
    }

    internal static SweepSummary Summary(IReadOnlyList<TrialRecord> trials) => new()
    {
        Name = "sweep",
        Status = "finished",
        Objectives = [new SweepObjective("elbo", HigherIsBetter: true)],
        TotalTrials = trials.Count,
        Steps = trials.Sum(trial => trial.Steps),
        Best = trials.Count == 0 ? null : trials.MaxBy(trial => trial.Scores.GetValueOrDefault("elbo", double.NegativeInfinity))!.Index,
        Front = [],
        Trials = trials,
    };

    internal static SweepReport Report(IReadOnlyList<TrialRecord> trials, params SpaceParameter[] space) =>
        new() { Summary = Summary(trials), Parameters = ReportParameter.Of(space, trials) };
}
