using System.CommandLine;
using VaeCluster.CommandLine;

namespace VaeCluster.Cli.CommandLine;

/// <summary>Arguments and options that several verbs take, each made anew because a symbol belongs to one verb.</summary>
internal static class SharedOptions
{
    internal static Argument<string> Run() => new Argument<string>("RUN")
    {
        Description = "A run folder, for example runs/001-mnist-vae.",
    }.WithFolders();

    internal static Option<string?> OutPicture(string description) => Picture("--out", description);

    internal static Option<string?> Picture(string name, string description) =>
        new Option<string?>(name) { Description = description, HelpName = "FILE" }.WithFiles().ForPicture();

    internal static Option<string?> OutFolder() =>
        new Option<string?>("--out")
        {
            Description = "Folder of the run; by default a new numbered one under runs/.",
            HelpName = "DIR",
        }.WithFolders();

    internal static Option<string?> Split()
    {
        var split = new Option<string?>("--split")
        {
            Description = "train, validation or test; by default the held-out split that the run is evaluated on.",
            HelpName = "NAME",
        };
        split.CompletionSources.Add("train", "validation", "test");
        return split;
    }

    internal static Option<string?> Data() => new Option<string?>("--data")
    {
        Description = "Other images in place of the run's: a picture, a folder of them, or data of any kind that a run file names.",
        HelpName = "PATH",
    }.WithFiles();

    internal static Option<int> Workers() =>
        Count("--workers", "N", 1, 1024, "Workers that share a batch; the weights do not depend on them.");

    internal static Option<int?> Threads() =>
        Optional("--threads", "T", 1024, "Threads of the whole process; by default one per core, at most one per shard.");

    internal static Option<int> Ranges() =>
        Count("--ranges", "N", 1, 1024, "Parameter ranges, each held by a parameter server; the weights do not depend on them.");

    internal static Option<string[]> Set() =>
        new("--set") { Description = "Override a field of the run file; may be given again.", HelpName = "a.b=value" };

    /// <summary>Only beside an option that names the run to begin with.</summary>
    internal static Option<bool> OptimizerState(Command verb, Option<string?> from)
    {
        var option = new Option<bool>("--optimizer-state") { Description = "With --from: take over the optimizer's state too." };
        verb.Options.Add(from);
        verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(option) && result.GetValue(from) is null) result.AddError("--optimizer-state needs --from");
        });
        return option;
    }

    internal static Option<int?> Limit(string name, string description) => Optional(name, "N", int.MaxValue, description);

    /// <summary>A whole number from 1 up, with a default.</summary>
    internal static Option<int> Count(string name, string helpName, int standard, int most, string description) =>
        NumberOptions.Whole(name, helpName, standard, least: 1, most, description);

    /// <summary>A whole number from 1 up, without a default.</summary>
    internal static Option<int?> Optional(string name, string helpName, int most, string description) =>
        NumberOptions.WholeOrNone(name, helpName, least: 1, most, description);

    /// <summary>The index of something, from 0.</summary>
    internal static Option<int?> Index(string name, string helpName, string description) =>
        NumberOptions.WholeOrNone(name, helpName, least: 0, int.MaxValue, description);
}
