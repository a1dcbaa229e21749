using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Importance;

/// <summary>
/// The influence of each parameter on a score by first-order functional ANOVA (Hutter, Hoos and Leyton-Brown 2014). A random forest
/// predicts the score from the parameters and the seed. A parameter's share is the variance of the mean prediction over its values,
/// marginalised over the other parameters, divided by the total variance of the predictions. The remainder is due to interactions of
/// parameters. The forest uses a fixed random stream, so the same trials give the same shares.
/// </summary>
public static class ParameterImportance
{
    /// <summary>The smallest number of finished trials; with fewer the shares would be meaningless.</summary>
    public const int FewestTrials = 4;

    /// <summary>The shares of all parameters that vary, largest first, and the remainder.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="score">The score.</param>
    /// <param name="trials">The trials; those not finished or without the score are ignored.</param>
    /// <returns>Null if there are too few trials or all have the same score.</returns>
    public static IReadOnlyList<ParameterShare>? Of(
        IReadOnlyList<ReportParameter> parameters, ReportScore score, IReadOnlyList<TrialRecord> trials)
    {
        TrialRecord[] used = [.. trials.Where(trial => trial.Status == TrialStatus.Finished && score.Value(trial) is not null)];
        if (used.Length < FewestTrials) return null;
        double[] targets = [.. used.Select(trial => score.Value(trial)!.Value)];
        (string Name, double[] Values)[] features = [.. parameters.Select(parameter => (parameter.Name, Column(parameter, used)))
            .Append(("seed", Seeds(used))).Where(feature => feature.Item2.Distinct().Count() > 1)];
        if (features.Length == 0 || targets.Distinct().Count() == 1) return null;

        double[][] columns = [.. features.Select(feature => feature.Values)];
        RegressionForest forest = RegressionForest.Fit(columns, targets);
        double whole =
            Variance([.. Enumerable.Range(0, used.Length).Select(row => forest.Predict([.. columns.Select(column => column[row])]))]);
        if (!(whole > 0)) return null;
        double[] shares = [.. Enumerable.Range(0, columns.Length).Select(
            feature => Variance(MeanPredictions(forest, columns, feature)) / whole)];
        // The shares are estimated independently, so their sum may slightly exceed 1.
        double sum = shares.Sum(), scale = sum > 1 ? 1 / sum : 1;
        return
        [
            .. features.Select((feature, i) => new ParameterShare(feature.Name, shares[i] * scale, IsRest: false))
                .OrderByDescending(share => share.Share),
            new ParameterShare("interactions", Math.Max(0, 1 - (sum * scale)), IsRest: true),
        ];
    }

    // For each trial, the prediction at its value of one feature, averaged over all trials' values of the other features.
    private static double[] MeanPredictions(RegressionForest forest, double[][] columns, int feature)
    {
        int rows = columns[0].Length;
        var means = new Dictionary<double, double>();
        var point = new double[columns.Length];
        foreach (double value in columns[feature].Distinct())
        {
            double sum = 0;
            for (int row = 0; row < rows; row++)
            {
                for (int j = 0; j < point.Length; j++) point[j] = j == feature ? value : columns[j][row];
                sum += forest.Predict(point);
            }

            means[value] = sum / rows;
        }

        return [.. columns[feature].Select(value => means[value])];
    }

    // −1, outside [0, 1], for a trial that does not set the field.
    private static double[] Column(ReportParameter parameter, TrialRecord[] trials) =>
        [.. trials.Select(trial => parameter.Position(trial) ?? -1)];

    private static double[] Seeds(TrialRecord[] trials)
    {
        long[] seeds = [.. trials.Select(trial => trial.Seed).Distinct().Order()];
        return [.. trials.Select(trial => (double)Array.IndexOf(seeds, trial.Seed))];
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
