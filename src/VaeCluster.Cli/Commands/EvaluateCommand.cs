using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>evaluate</c>: how well a run's newest weights do on held-out data.</summary>
internal static class EvaluateCommand
{
    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        Option<string?> split = SharedOptions.Split();
        Option<int?> samples = SharedOptions.Optional(
            "--iwae", "K", 1_000_000, "Estimate the importance-weighted bound too, with K samples (the literature's tables: 5000).");
        Option<int?> examples = SharedOptions.Limit(
            "--examples", "At most this many examples, from the first; by default all, and 1000 for the importance-weighted bound.");
        Option<int?> threads = SharedOptions.Threads();
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var verb = new Verb("evaluate", "Judge a run's newest weights: ELBO and its terms, active units, importance-weighted bound.")
        {
            Examples = ["evaluate runs/001-quickstart", "evaluate runs/002-mnist --split test --iwae 5000 --examples 1000 --json"],
        };
        verb.Arguments.Add(folder);
        foreach (Option option in (Option[])[split, samples, examples, threads, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), console.Error.WriteLine);
            var question = new EvaluationQuestion(
                run.SplitNamed(parsed.GetValue(split)), parsed.GetValue(examples), parsed.GetValue(samples),
                parsed.GetValue(threads) ?? Environment.ProcessorCount);
            EvaluationAnswer answer = Evaluate(run, question, cancellation);
            console.Output.WriteLine(parsed.GetValue(json) ? answer.ToJson() : answer.ToText());
            return ExitCodes.Done;
        }, cancellation));
        return verb;
    }

    private static EvaluationAnswer Evaluate(TrainedRun run, EvaluationQuestion question, CancellationToken cancellation)
    {
        using var engine = new ManagedEngine();
        long seed = run.Spec.Evaluation.Seed;
        var options = new SplitEvaluatorOptions { Seed = seed, Limit = question.Examples, Threads = question.Threads };
        using var evaluator = new SplitEvaluator(engine, run.Model, options);
        SplitScores scores = evaluator.Score(run.Weights.Span, question.Split, cancellation);
        ImportanceWeightedScore? weighted = question.Samples is not { } samples ? null : ImportanceWeightedBound.Estimate(
            engine, run.Model, run.Weights.Span, question.Split,
            new ImportanceWeightedOptions { Samples = samples, Limit = question.Examples ?? 1000, Seed = seed, Threads = question.Threads }, cancellation);
        return new EvaluationAnswer(run.Spec.Name, run.Step, question.Split.Name, scores, weighted);
    }
}
