using VaeCluster.Core;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Scores;

/// <summary>Measures scores of one run.</summary>
public static class RunScores
{
    /// <summary>Measures scores; shared intermediate results are computed once.</summary>
    /// <param name="engine">The engine; not disposed.</param>
    /// <param name="run">The run.</param>
    /// <param name="kinds">The scores.</param>
    /// <param name="options">Seed, counts and threads.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>The values by name, in the order of <paramref name="kinds"/>.</returns>
    /// <exception cref="BadInputException">A score cannot be measured on this run: see <see cref="Check"/>.</exception>
    public static IReadOnlyDictionary<string, ScoreValue> Measure(
        IEngine engine, TrainedRun run, IReadOnlyCollection<ScoreKind> kinds, ScoreOptions options, CancellationToken cancellationToken =
            default)
    {
        Check(kinds, run.Data, run.Folder.SpecPath);
        var subject = new ScoreSubject(engine, run, options, cancellationToken);
        var values = new OrderedDictionary<string, ScoreValue>(StringComparer.Ordinal);
        foreach (ScoreKind kind in kinds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            values[kind.Name] = kind.NeedsFactors && !subject.Training.IsFinite ? new ScoreValue(double.NaN) : kind.Measure!(subject);
        }

        return values;
    }

    /// <summary>Refuses scores that cannot be measured on the data or on a single run, for example before training.</summary>
    /// <param name="kinds">The scores.</param>
    /// <param name="data">The data of the run.</param>
    /// <param name="runFile">The run file, for the message.</param>
    /// <exception cref="BadInputException">
    /// A score needs several runs, or it needs factors and the data has fewer than two that vary.
    /// </exception>
    public static void Check(IEnumerable<ScoreKind> kinds, DataSplits data, string runFile)
    {
        foreach (ScoreKind kind in kinds)
        {
            if (kind.NeedsSeveralRuns)
                throw new BadInputException(
                    runFile, null, null,
                    $"the score {kind.Name} compares several runs that differ only in their seed; this is a single run");
            if (kind.NeedsFactors && !FactorGrid.IsKnown(data.Train.Factors))
            {
                IEnumerable<string> others = ScoreFamily.All.Where(other => !other.NeedsFactors).Select(other => other.Name);
                throw new BadInputException(
                    runFile, "data.dataset", data.Train.DatasetName,
                        $"the score {kind.Name} needs a dataset with at least two varying factors, such as dsprites; "
                    + $"scores without factors: {string.Join(", ", others)}");
            }
        }
    }
}
