using System.CommandLine;
using System.Reflection;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>quickstart</c>: a built-in run that needs no file and no data.</summary>
internal static class QuickstartCommand
{
    private const string Resource = "quickstart.yaml";

    internal static Command Create()
    {
        Option<string?> folder = SharedOptions.OutFolder();
        Option<string[]> set = SharedOptions.Set();
        var verb = new Verb("quickstart", "Train a β-VAE on rendered sprites in well under a minute; needs no data.")
        {
            Examples = ["quickstart", "quickstart --set training.epochs=2 --out runs/short"],
        };
        verb.Options.Add(folder);
        verb.Options.Add(set);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string current = Environment.CurrentDirectory;
            RunSpec spec = RunFile.Parse(ReadResource(), Resource, current, parsed.GetValue(set) ?? [], current, RunVocabulary.All);
            string target = parsed.GetValue(folder) ?? RunFolders.Next(current, spec.Name);
            var request = new TrainingRequest(Resource, Workers: 2, Threads: null, Ranges: 1, parsed.InvocationConfiguration);
            int code = TrainingHost.Run(request, options => TrainingRun.Prepare(spec, target, force: false, options), cancellation);
            if (code == ExitCodes.Done) SayWhatIsNext(parsed.InvocationConfiguration.Output, RunFolders.Show(current, target));
            return code;
        }, CancellationToken.None));
        return verb;
    }

    private static void SayWhatIsNext(TextWriter output, string folder)
    {
        string file = Path.Combine(folder, "run.yaml");
        output.WriteLine($"""

            Open the report in a browser: its traversals show what each latent dimension has learned. Then try:
              {ProgramName.Value} evaluate {folder} --iwae 100
              {ProgramName.Value} traverse {folder} --example 7
              {ProgramName.Value} train {file} --set objective.beta=1     # a lower β: sharper images, mixed factors
              {ProgramName.Value} train {file} --workers 4                # more workers, the same weightsSha256 in result.json
            """);
    }

    private static string ReadResource()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("the quick start's run file is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
