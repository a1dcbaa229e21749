using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Evaluation.Export;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>export</c>: the weights for other tools.</summary>
internal static class ExportCommand
{
    private const string Target = "FILE", Safetensors = ".safetensors", Npz = ".npz", Onnx = ".onnx";

    internal static Command Create()
    {
        Argument<string> folder = SharedOptions.Run();
        Argument<string?> file = new Argument<string?>(Target)
        {
            Description = "The file to write, .safetensors or .npz, for onnx a folder; by default in the folder export of the run.",
            Arity = ArgumentArity.ZeroOrOne,
        }.WithFiles();
        var format = new Option<string?>("--format")
        {
            Description = "safetensors, npz or onnx; by default what FILE ends in, else safetensors.",
            HelpName = "FORMAT",
        };
        format.CompletionSources.Add("safetensors", "npz", "onnx");
        var force = new Option<bool>("--force") { Description = "Replace a file that exists." };
        var verb = new Verb(
            "export",
            "Write the newest weights, float32: as safetensors with PyTorch's names and the run file in the metadata, as npz, or as ONNX models of encoder and decoder.")
        {
            Examples = ["export runs/001-quickstart model.safetensors", "export runs/001-quickstart --format onnx"],
        };
        verb.Arguments.Add(folder);
        verb.Arguments.Add(file);
        verb.Options.Add(format);
        verb.Options.Add(force);
        verb.SetAction(parsed =>
        {
            ExportFormat wanted = FormatOf(parsed.GetValue(format), parsed.GetValue(file));
            TrainedRun run = TrainedRun.Open(parsed.GetRequiredValue(folder), parsed.InvocationConfiguration.Error.WriteLine);
            string path = Path.GetFullPath(parsed.GetValue(file) ?? DefaultPath(run, wanted));
            if (!parsed.GetValue(force) && ModelExport.Files(wanted, path).FirstOrDefault(File.Exists) is { } there)
                throw new BadInputException(there, null, null, "the file exists already; --force replaces it");
            foreach (string written in ModelExport.Write(run, wanted, path)) parsed.InvocationConfiguration.Output.WriteLine(written);
            return ExitCodes.Done;
        });
        return verb;
    }

    // The format that is asked for, else that of the name; a name that says something else is refused.
    private static ExportFormat FormatOf(string? format, string? file)
    {
        if (format is null && IsNamed(file, Onnx))
        {
            throw new BadInputException(Target, null, file,
                "onnx is two files, encoder.onnx and decoder.onnx; name a folder, with --format onnx");
        }

        ExportFormat wanted = format switch
        {
            "safetensors" => ExportFormat.Safetensors,
            "npz" => ExportFormat.Npz,
            "onnx" => ExportFormat.Onnx,
            null => IsNamed(file, Npz) ? ExportFormat.Npz : ExportFormat.Safetensors,
            _ => throw new BadInputException("--format", null, format, "one of safetensors, npz, onnx"),
        };
        if (file is null) return wanted;
        if (wanted == ExportFormat.Onnx) OutputName.DemandFolder(Target, file, Onnx, Safetensors, Npz);
        else if (format is null) OutputName.Demand(Target, file, Safetensors, Npz);
        else OutputName.Demand(Target, file, wanted == ExportFormat.Npz ? Npz : Safetensors);
        return wanted;
    }

    private static bool IsNamed(string? file, string extension) =>
        string.Equals(Path.GetExtension(file), extension, StringComparison.OrdinalIgnoreCase);

    private static string DefaultPath(TrainedRun run, ExportFormat format)
    {
        string folder = Path.Combine(run.Folder.Path, "export");
        return format switch
        {
            ExportFormat.Safetensors => Path.Combine(folder, "model.safetensors"),
            ExportFormat.Npz => Path.Combine(folder, "model.npz"),
            _ => folder,
        };
    }
}
