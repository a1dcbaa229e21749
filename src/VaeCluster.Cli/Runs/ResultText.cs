using System.Globalization;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Runs;

/// <summary>A result for people.</summary>
internal static class ResultText
{
    /// <summary>One line.</summary>
    internal static string Summary(RunResult result)
    {
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Status} after {result.Steps:#,0} steps in {result.Seconds:0.0} s, {result.SamplesPerSecond:#,0} examples/s");
        if (result.Test is { } test)
        {
            summary += string.Create(
                CultureInfo.InvariantCulture,
                $"; held out: ELBO {test.Elbo:0.00}, reconstruction {test.Reconstruction:0.00}, KL {test.Kl:0.00} nats, {test.ActiveUnits} active units");
        }
        else if (result.Train is { } train)
        {
            summary += string.Create(
                CultureInfo.InvariantCulture,
                $"; training: ELBO {train.Elbo:0.00}, reconstruction {train.Reconstruction:0.00}, KL {train.Kl:0.00} nats");
        }

        if (result.SkippedSteps > 0)
            summary += string.Create(CultureInfo.InvariantCulture, $"; {result.SkippedSteps:#,0} steps skipped, not finite");
        return summary;
    }
}
