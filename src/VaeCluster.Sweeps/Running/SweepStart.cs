using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>Checks before a sweep starts that its trials can be trained, stopped early and scored.</summary>
public static class SweepStart
{
    // Checking data and model takes milliseconds per trial; checking thousands of trials would delay the start.
    private const int MostTrials = 200;

    /// <summary>Checks a sweep. Writes nothing.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="file">The sweep file as the user wrote it.</param>
    /// <param name="runner">The runner that will train the trials.</param>
    /// <exception cref="BadInputException">A trial cannot be trained, stopped early or scored.</exception>
    public static void Check(SweepSpec spec, string file, ITrialRunner runner)
    {
        ScoreKind[] scores = Scores(spec);
        if (scores.FirstOrDefault(score => score.NeedsSeveralRuns) is { } several && spec.Seeds.Count < 2)
        {
            throw new BadInputException(
                file, spec.Objectives.Contains(several.Name) ? "objective" : "scores", several.Name,
                "compares models of the same setting, so 'seeds' must list at least two");
        }

        var plan = new TrialPlan(spec);
        for (int index = 0; index < Math.Min(plan.Count, MostTrials) && !plan.NeedsResults(index); index += spec.Seeds.Count)
        {
            Trial trial = plan.At(index, []);
            RunSpec run = trial.RunSpec(spec);
            CheckStop(spec, run, file);
            try
            {
                runner.Check(run, [.. scores.Where(score => !score.NeedsSeveralRuns)]);
            }
            catch (BadInputException fault)
            {
                string where = string.Create(CultureInfo.InvariantCulture, $"{file}, trial {index} ({trial.Describe()})");
                throw new BadInputException(where, fault.Field, fault.Value, fault.Allowed, fault);
            }
        }
    }

    /// <summary>What to know of a sweep before it starts: why not all of its trials can be ranked; null: they can.</summary>
    /// <param name="spec">The sweep.</param>
    public static string? Note(SweepSpec spec) => ComparableGroups.Note(spec);

    /// <summary>The scores computed for finished trials: the objectives, then the others.</summary>
    /// <param name="spec">The sweep.</param>
    public static ScoreKind[] Scores(SweepSpec spec) =>
        [.. spec.Objectives.Union(spec.Scores).Select(name => ScoreFamily.Require(name, spec.Name))];

    private static void CheckStop(SweepSpec spec, RunSpec run, string file)
    {
        if (spec.Stop.Name == "none" || run.Evaluation.EveryEpochs > 0) return;
        throw new SpecOrigin(file, null, string.Empty).Fault(
            "evaluation.everyEpochs", "0", $"must be at least 1, because stop.kind {spec.Stop.Name} compares trials at their evaluations");
    }
}
