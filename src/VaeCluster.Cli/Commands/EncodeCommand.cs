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
        Option<string?> data = SharedOptions.Data();
        Option<EncodingFormat> format = ChoiceOptions.Choice("--format", EncodingFormat.Npy, "Arrays, a table (codes.csv), or both.");
        Option<string?> output = new Option<string?>("--out")
        {
            Description = "Folder of the codes; by default encodings/SPLIT in the run folder, and encodings/data-NAME of other images.",
            HelpName = "DIR",
        }.WithFolders();
        var verb = new Verb("encode",
            "Write the mean and log-variance of every example's code as npy or CSV, with files, classes or factors where there are any.")
        {
            Examples =
            [
                "encode runs/001-quickstart", "encode runs/002-mnist --split test --out codes",
                "encode runs/003-faces --data photos --format both",
            ],
        };
        verb.Arguments.Add(folder);
        foreach (Option option in (Option[])[split, data, examples, format, output]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            if (parsed.GetValue(output) is { } named) OutputName.DemandFolder("--out", named, ".npy", ".npz", ".csv");
            string? other = parsed.GetValue(data);
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), console.Error.WriteLine).WithData(other);
            Data.Split source = run.SplitNamed(parsed.GetValue(split));
            string target = parsed.GetValue(output)
                ?? Path.Combine(run.Folder.Path, "encodings", other is null ? source.Name : $"data-{NameOf(other)}");
            using var engine = new ManagedEngine();
            using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
            EncodingInfo info = EncodingWriter.Write(
                runner, source, parsed.GetValue(examples), target, parsed.GetValue(format), cancellation);
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{target}: {info.Examples:#,0} examples of {other ?? $"the {info.Split} split"}, {info.Latent} latents"));
            return ExitCodes.Done;
        }, cancellation));
        return verb;
    }

    private static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
