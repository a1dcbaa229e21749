using System.CommandLine;
using System.Globalization;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Data.Downloads;

namespace VaeCluster.Cli.Commands;

/// <summary><c>data download</c>: public datasets, from the servers that publish them.</summary>
internal static class DataDownloadCommand
{
    internal static Verb Create()
    {
        var name = new Argument<string>("NAME") { Description = "A dataset that data list shows." };
        name.HelpName = name.Name;
        name.CompletionSources.Add([.. DownloadSets.All.Select(set => set.Name)]);
        Option<string?> folder = new Option<string?>("--out")
        {
            Description = "Folder for the files; by default data/NAME.",
            HelpName = "DIR",
        }.WithFolders();
        var mirror = new Option<string[]>("--mirror")
        {
            Description = "A server to try first: the address of a folder with the files, compressed or not. May be given again.",
            HelpName = "URL",
        };
        var verb = new Verb("download", "Download a public dataset; files are checked, and those already there are kept.")
        {
            Examples = ["data download mnist", "data download fashion-mnist --out data/fashion"],
        };
        verb.Arguments.Add(name);
        verb.Options.Add(folder);
        verb.Options.Add(mirror);
        verb.SetAction(async (parsed, cancellation) =>
        {
            DownloadSet set = DownloadSets.Find(parsed.GetRequiredValue(name));
            Uri[] mirrors = [.. (parsed.GetValue(mirror) ?? []).Select(Address)];
            string target = parsed.GetValue(folder) ?? Path.Combine("data", set.Name);
            TextWriter output = parsed.InvocationConfiguration.Output;
            using HttpClient client = MakeClient();
            var downloader = new Downloader(client, TimeProvider.System);
            foreach (DownloadFile file in set.Files)
            {
                DownloadFile asked = file with { Sources = [.. mirrors.SelectMany(server => On(server, file)), .. file.Sources] };
                bool came = await downloader.FetchAsync(asked, target, cancellation: cancellation);
                string path = Path.Combine(target, file.Name);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}  {new FileInfo(path).Length:#,0} bytes, {(came ? $"{file.Hash.Name} as published" : "already there")}"));
            }

            output.WriteLine($"run file  {string.Format(CultureInfo.InvariantCulture, set.RunFile, target)}");
            return ExitCodes.Done;
        });
        return verb;
    }

    /// <summary>The sets as lines of text.</summary>
    /// <param name="output">Where they go.</param>
    internal static void List(TextWriter output)
    {
        output.WriteLine($"to download ({ProgramName.Value} data download NAME)");
        foreach (DownloadSet set in DownloadSets.All) output.WriteLine($"  {set.Name,-14} {set.Summary}");
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address : throw new BadInputException("--mirror", null, text, "an address such as https://server/folder/");

    // The names on a mirror are those of the first source, and those that the files have here.
    private static IEnumerable<Uri> On(Uri server, DownloadFile file) =>
        new[] { Path.GetFileName(file.Sources[0].AbsolutePath), file.Name }.Distinct().Select(name => new Uri(server, name));

    private static HttpClient MakeClient()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(20),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("VaeCluster");
        return client;
    }
}
