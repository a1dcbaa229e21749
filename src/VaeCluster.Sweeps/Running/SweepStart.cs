using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>What is checked before a sweep begins, beside its file: that its trials can be trained, stopped and judged.</summary>
public static class SweepStart
{
    // The data and the model of a trial cost milliseconds to check; a sweep of thousands is not kept waiting for them.
    private const int MostTrials = 200;

    /// <summary>Checks a sweep. Nothing is written.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="file">The sweep file as the user named it.</param>
    /// <param name="runner">What will train the trials.</param>
    /// <exception cref="BadInputException">A trial cannot be trained, stopped or judged.</exception>
    public static void Check(SweepSpec spec, string file, ITrialRunner runner)
    {
        ScoreKind[] scores = Scores(spec);
        if (scores.FirstOrDefault(score => score.NeedsSeveralRuns) is { } several && spec.Seeds.Count < 2)
        {
            throw new BadInputException(
                file, spec.Objectives.Contains(several.Name) ? "objective" : "scores", several.Name,
                "needs at least two 'seeds', for it compares models of one setting with each other");
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

    /// <summary>The scores that the finished trials of a sweep are given: its objectives', then the others.</summary>
    /// <param name="spec">The sweep.</param>
    public static ScoreKind[] Scores(SweepSpec spec) => [.. spec.Objectives.Union(spec.Scores).Select(name => ScoreFamily.Require(name, spec.Name))];

    private static void CheckStop(SweepSpec spec, RunSpec run, string file)
    {
        if (spec.Stop.Name == "none" || run.Evaluation.EveryEpochs > 0) return;
        throw new SpecOrigin(file, null, string.Empty).Fault(
            "evaluation.everyEpochs", "0", $"at least 1, for stop.kind is {spec.Stop.Name}, which compares trials at their evaluations");
    }
}
