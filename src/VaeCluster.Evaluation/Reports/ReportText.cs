using System.Globalization;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Reports;

/// <summary>The texts and numbers of a run's report.</summary>
internal static class ReportText
{
    private const string Nats = "nats per example";

    /// <summary>Model, objective and data in one line.</summary>
    internal static string Subtitle(TrainedRun run)
    {
        RunSpec spec = run.Spec;
        return string.Join(" · ",
            spec.Objective.Kind.Name, spec.Model.Architecture.Name, $"{spec.Model.Likelihood.Name} likelihood",
            $"{Count(run.Model.Latent)} latents",
            $"{spec.Data.Dataset.Name} {run.Model.Image}");
    }

    /// <summary>The key numbers at the top: those of the evaluated split if the run has finished, otherwise those of training.</summary>
    internal static IEnumerable<KeyNumber> KeyNumbers(TrainedRun run)
    {
        if (run.Result is not { } result) yield break;
        if (result.Test is { } test)
        {
            string split = run.EvaluationSplitName == "test" ? "Test" : "Validation";
            yield return new KeyNumber($"{split} ELBO", Number(test.Elbo), Nats);
            yield return new KeyNumber("Reconstruction", Number(test.Reconstruction), Nats);
            yield return new KeyNumber(KlName(run), Number(test.Kl), Nats);
            yield return new KeyNumber("Active units", $"{Count(test.ActiveUnits)} of {Count(run.Model.Latent)}", "Var(μ) > 0.01");
        }
        else if (result.Train is { } train)
        {
            yield return new KeyNumber("Training ELBO", Number(train.Elbo), Nats);
            yield return new KeyNumber("Reconstruction", Number(train.Reconstruction), Nats);
            yield return new KeyNumber(KlName(run), Number(train.Kl), Nats);
        }

        yield return new KeyNumber("Throughput", Count((long)result.SamplesPerSecond), "examples per second");
        yield return new KeyNumber("Time", Duration(result.Seconds), $"{Count(result.Steps)} steps, {Count(result.Epochs)} epochs");
    }

    private static string KlName(TrainedRun run) => run.Model.HasClosedFormKl ? "KL" : "KL, Monte Carlo";

    /// <summary>Facts for the end of the page.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Facts(TrainedRun run)
    {
        RunSpec spec = run.Spec;
        yield return new("Training data", $"{Count(run.Source.Sizes.Training)} images of {run.Model.Image}{Held(run)}");
        if (run.Model.Objective.CapacityAt(0, 1) is not null)
        {
            yield return new(
                "γ", string.Create(CultureInfo.InvariantCulture, $"{run.Model.Beta:0.######}, the weight of the distance to the capacity"));
        }
        else if (run.Model.Beta > 0)
        {
            // β·M/N (Higgins et al. 2017) allows comparing runs with different image and latent sizes.
            double normalized = run.Model.Beta * run.Model.Latent / run.Model.Image.Pixels;
            yield return new("β", string.Create(
                CultureInfo.InvariantCulture, $"{run.Model.Beta:0.######} (normalised by latents / pixels: {normalized:0.#####})"));
        }

        if (run.Model.EncodesVariance)
            yield return new(
                "KL", run.Model.HasClosedFormKl ? "in closed form" : "estimated: log q(z|x) − log p(z) of one sample (Monte Carlo)");
        if (!run.Model.Prior.IsStandard) yield return new("Prior", spec.Model.Prior.Name);
        if (!run.Model.Posterior.IsGaussian) yield return new("Posterior", spec.Model.Posterior.Name);
        yield return new("Parameters", Count(run.Model.Layout.Length));
        TrainingSpec training = spec.Training;
        yield return new("Optimiser", string.Create(
            CultureInfo.InvariantCulture,
            $"{training.Optimizer.Name}, learning rate {training.LearningRate:0.########}, "
            + $"batch {training.Batch} in {training.Shards} shards, seed {training.Seed}"));
        if (RunOrigin.Read(run.Folder)?.From is { } source) yield return new("Began with", source.Describe());
        if (run.Result is not { } result) yield break;
        if (result.SkippedSteps > 0) yield return new("Skipped steps", $"{Count(result.SkippedSteps)} of {Count(result.Steps)}, not finite");
        yield return new("Workers, threads", $"{Count(result.Workers)}, {Count(result.Threads)}");
        yield return new("Step time", string.Create(
            CultureInfo.InvariantCulture,
            $"median {result.StepMilliseconds.P50:0.00} ms, 90th percentile {result.StepMilliseconds.P90:0.00} ms"));
        yield return new("Engine", result.Engine);
    }

    /// <summary>What the page has to do without, because the data is not on this machine.</summary>
    internal static IEnumerable<string> Missing(TrainedRun run)
    {
        if (run.Source.Kept is not { } kept || RunData.MissingPath(run.Spec) is not { } path) yield break;
        yield return $"The data of this run is not on this machine ({path}). "
            + $"The pictures show the {Count(kept.Positions.Count)} examples of the {kept.Split} split that the run folder keeps.";
        if (run.Model.EncodesVariance && KeptDimensions.Read(run) is null)
            yield return "The KL of the latent dimensions is measured on them too, since the folder has none for these weights.";
    }

    /// <summary>The run's status, or its step if it has no result yet.</summary>
    internal static string Status(TrainedRun run) => run.Result?.Status ?? $"not finished, step {Count(run.Step)}";

    /// <summary>A number of nats, with a real minus sign.</summary>
    internal static string Number(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A whole number with separated thousands.</summary>
    internal static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Held(TrainedRun run)
    {
        string text = string.Empty;
        if (run.Source.Sizes.Validation is { } validation) text += $", {Count(validation)} for validation";
        if (run.Source.Sizes.Test is { } test) text += $", {Count(test)} for testing";
        return text;
    }

    private static string Duration(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        return time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00} h")
            : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00} min")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
    }
}
