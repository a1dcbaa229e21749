using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using VaeCluster.CommandLine;
using VaeCluster.Models.Zoo;

namespace VaeCluster.Cli.Commands;

/// <summary><c>models</c>: lists the models that train here.</summary>
internal static class ModelsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static Command Create()
    {
        var json = new Option<bool>("--json")
        {
            Description = "Print JSON: name, kind, summary, paper, formula, shows, runFile, modelField.",
        };
        var verb = new Verb("models", "List the models that train here, each with its paper and the command that trains it.")
        {
            Examples = ["models", "models --json", "train --ready beta-tcvae --print > run.yaml"],
        };
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(ModelZoo.All, Json));
                return ExitCodes.Done;
            }

            foreach (ZooModel model in ModelZoo.All)
                output.WriteLine($"""
                    {model.Name,-14} {model.Summary}
                    {string.Empty,-14} {model.Paper}
                    {string.Empty,-14} {ProgramName.Value} train --ready {model.Name}
                    """);
            return ExitCodes.Done;
        });
        return verb;
    }
}
