using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VaeCluster.Cli.CommandLine;

/// <summary>Arguments and options that several verbs take, each made anew because a symbol belongs to one verb.</summary>
internal static class SharedOptions
{
    internal static Argument<string> Run() => new("RUN") { Description = "A run folder, for example runs/001-mnist-vae." };

    internal static Option<string?> OutFile(string description) => new("--out") { Description = description, HelpName = "FILE" };

    internal static Option<string?> OutFolder() =>
        new("--out") { Description = "Folder of the run; by default a new numbered one under runs/.", HelpName = "DIR" };

    internal static Option<string?> Split() =>
        new("--split") { Description = "train, validation or test; by default the one the run is judged on.", HelpName = "NAME" };

    internal static Option<int> Workers() => Count("--workers", "N", 1, 1024, "Workers that share a batch; they do not change the weights.");

    internal static Option<int?> Threads() =>
        Optional("--threads", "T", 1024, "Threads of the whole process; by default one a core, at most one a shard.");

    internal static Option<int> Ranges() =>
        Count("--ranges", "N", 1, 1024, "Ranges that the parameters are cut into; they do not change the weights.");

    internal static Option<string[]> Set() =>
        new("--set") { Description = "Override a field of the run file; may be given again.", HelpName = "a.b=value" };

    internal static Option<int?> Limit(string name, string description) => Optional(name, "N", int.MaxValue, description);

    /// <summary>A whole number in a range, with a default.</summary>
    internal static Option<int> Count(string name, string helpName, int standard, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => standard };
        option.Validators.Add(result => Demand(result, name, 1, most));
        return option;
    }

    /// <summary>A whole number from 1 up, without a default.</summary>
    internal static Option<int?> Optional(string name, string helpName, int most, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result => Demand(result, name, 1, most));
        return option;
    }

    private static void Demand(OptionResult result, string name, int least, int most)
    {
        string? text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
        if (text is null) return;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            || value < least || value > most)
        {
            result.AddError($"{name} is '{text}': a whole number from {least} to {most}");
        }
    }
}
