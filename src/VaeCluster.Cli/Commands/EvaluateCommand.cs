using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Training.Coordination;

namespace VaeCluster.Cli.Commands;

/// <summary><c>evaluate</c>: evaluates a run's newest weights on held-out data, and scores their representation.</summary>
internal static class EvaluateCommand
{
    internal static Command Create()
    {
        Argument<string[]> folders = new Argument<string[]>("RUN")
        {
            Description = "A run folder, for example runs/001-mnist-vae; with --metrics also several.",
            Arity = ArgumentArity.OneOrMore,
        }.WithFolders();
        Option<string?> split = SharedOptions.Split();
        Option<string?> data = SharedOptions.Data();
        Option<int?> samples = SharedOptions.Optional(
            "--iwae", "K", 1_000_000, "Estimate the importance-weighted bound too, with K samples (the literature's tables: 5000).");
        Option<int?> examples = SharedOptions.Limit(
            "--examples", "At most this many examples, from the first; by default all, and 1000 for the importance-weighted bound.");
        Option<int?> threads = SharedOptions.Threads();
        var metrics = new Option<string?>("--metrics")
        {
            Description = "Scores to measure instead of the bound, separated by commas; they are written to scores.json in the run folder and shown in its report.",
            HelpName = "LIST",
        };
        metrics.CompletionSources.Add([.. ScoreFamily.All.Select(kind => kind.Name)]);
        Option<long?> seed = NumberOptions.SeedOrNone("--seed", "Seed of the scores; by default evaluation.seed of the run file.");
        Option<int?> pool = SharedOptions.Limit(
            "--pool", $"Images that factorvae and betavae draw from; by default all, of larger data {new ScoreOptions().Pool}.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text (of several runs: an array)." };
        var verb = new Verb(
            "evaluate", "Evaluate the newest weights of runs: ELBO and its terms, active units, importance-weighted bound, disentanglement scores.")
        {
            Vocabulary = ("Metrics", [.. ScoreFamily.All.Select(kind => (kind.Name, $"{kind.Summary}: {kind.Range}"))]),
            Examples =
            [
                "evaluate runs/001-quickstart", "evaluate runs/002-mnist --split test --iwae 5000 --examples 1000 --json",
                "evaluate runs/003-dsprites --metrics mig,factorvae,dci", "evaluate runs/002-mnist --data digits.npy",
                "evaluate runs/003-seed1 runs/004-seed2 runs/005-seed3 --metrics udr",
            ],
        };
        verb.Arguments.Add(folders);
        foreach (Option option in (Option[])[metrics, seed, pool, split, data, samples, examples, threads, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            string[] named = parsed.GetRequiredValue(folders);
            if (parsed.GetValue(metrics) is not { } list)
            {
                RefuseWithoutMetrics("--seed", parsed.GetValue(seed));
                RefuseWithoutMetrics("--pool", parsed.GetValue(pool));
                if (named.Length > 1)
                    throw new BadInputException("evaluate", null, null, $"{named.Length} runs need --metrics; without it name one run");
                string? other = parsed.GetValue(data);
                TrainedRun run = TrainedRun.Open(named[0], console.Error.WriteLine).WithData(other);
                var question = new EvaluationRequest(
                    run.SplitNamed(parsed.GetValue(split)), parsed.GetValue(examples), parsed.GetValue(samples),
                    parsed.GetValue(threads) ?? Environment.ProcessorCount);
                EvaluationResult answer = Evaluate(run, other, question, cancellation);
                console.Output.WriteLine(parsed.GetValue(json) ? answer.ToJson() : answer.ToText());
                if (double.IsFinite(answer.Scores.Elbo)) return ExitCodes.Done;
                console.Error.WriteLine(
                    $"error: the ELBO is not finite: training has diverged; {DivergedException.Remedy}");
                return ExitCodes.Failed;
            }

            var options = new ScoreOptions
            {
                Split = parsed.GetValue(split),
                Examples = parsed.GetValue(examples),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
                ImportanceWeighted = new ImportanceWeightedOptions
                {
                    Samples = parsed.GetValue(samples) ?? new ImportanceWeightedOptions().Samples,
                    Limit = parsed.GetValue(examples) ?? new ImportanceWeightedOptions().Limit,
                },
            };
            options = parsed.GetValue(pool) is { } count ? options with { Pool = count } : options;
            var asked = new ScoreRequest(ScoreRequest.Parse(list), parsed.GetValue(seed), parsed.GetValue(data), options);
            IReadOnlyList<ScoreResult> answers = RunScorer.Score(named, asked, console.Error.WriteLine, cancellation);
            string text = parsed.GetValue(json)
                ? ScoreResult.ToJson(answers)
                : string.Join("\n\n", answers.Select(answer => answer.ToText()));
            console.Output.WriteLine(text);
            return ExitCodes.Done;
        }, cancellation));
        return verb;
    }

    private static void RefuseWithoutMetrics<T>(string option, T? value)
        where T : struct
    {
        if (value is not null) throw new BadInputException(option, null, value.ToString(), "only with --metrics");
    }

    private static EvaluationResult Evaluate(TrainedRun run, string? other, EvaluationRequest question, CancellationToken cancellation)
    {
        using var engine = new ManagedEngine();
        long seed = run.Spec.Evaluation.Seed;
        var options = new SplitEvaluatorOptions { Seed = seed, Limit = question.Examples, Threads = question.Threads };
        using var evaluator = new SplitEvaluator(engine, run.Model, options);
        SplitScores scores = evaluator.Score(run.Weights.Span, question.Split, cancellation);
        ImportanceWeightedScore? weighted = question.Samples is not { } samples ? null : ImportanceWeightedBound.Estimate(
            engine, run.Model, run.Weights.Span, question.Split,
            new ImportanceWeightedOptions
            {
                Samples = samples,
                Limit = question.Examples ?? 1000,
                Seed = seed,
                Threads = question.Threads,
            }, cancellation);
        return new EvaluationResult(run.Spec.Name, run.Step, question.Split.Name, other, scores, weighted);
    }
}
