using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Silo.Hosting;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>run</c>: runs a silo until it is stopped.</summary>
internal static class RunCommand
{
    internal const string Name = "run";

    internal static Command Create()
    {
        var reader = new SiloSettingsReader();
        var verb = new Verb(Name, "Run a silo until SIGTERM or Ctrl-C; the word run may be left out.")
        {
            Examples =
            [
                "--standalone --data data            # again in a second terminal: a second silo of the same cluster",
                "--database 'Host=db;Database=vaecluster;Username=vaecluster' --runs /shared/runs --data /shared/data",
                "--database … --role worker --devices cpu:0,cpu:1 --data /data",
            ],
        };
        foreach (Option option in reader.Options) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) =>
        {
            TextWriter output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
            return SiloHost.RunAsync(reader.Read(parsed), output, cancellation);
        });
        return verb;
    }
}
