using System.CommandLine;
using System.Globalization;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Encodings;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>encode</c>: the codes of a split as npy arrays.</summary>
internal static class EncodeCommand
{
    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        Option<string?> split = SharedOptions.Split();
        Option<int?> examples = SharedOptions.Limit("--examples", "At most this many, from the first; by default all.");
        var output = new Option<string?>("--out")
        {
            Description = "Folder of the arrays; by default encodings/SPLIT in the run folder.",
            HelpName = "DIR",
        };
        var verb = new Verb("encode",
            "Write the mean and log-variance of every example's code as npy, with labels or factors where the data has them.")
        {
            Examples = ["encode runs/001-quickstart", "encode runs/002-mnist --split test --out codes"],
        };
        verb.Arguments.Add(folder);
        verb.Options.Add(split);
        verb.Options.Add(examples);
        verb.Options.Add(output);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), console.Error.WriteLine);
            Data.Split source = run.SplitNamed(parsed.GetValue(split));
            string target = parsed.GetValue(output) ?? Path.Combine(run.Folder.Path, "encodings", source.Name);
            using var engine = new ManagedEngine();
            using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
            EncodingInfo info = EncodingWriter.Write(runner, source, parsed.GetValue(examples), target, cancellation);
            console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{target}: {info.Examples:#,0} examples of the {info.Split} split, {info.Latent} latents"));
            return ExitCodes.Done;
        }, cancellation));
        return verb;
    }
}
