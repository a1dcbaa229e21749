using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Silo.Database;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>migrate</c>: creates or updates the schema in the database.</summary>
internal static class MigrateCommand
{
    internal static Command Create()
    {
        Setting database = SiloSettingsReader.DatabaseSetting();
        var wait = new Setting("--wait", "SECONDS",
            "How long to wait for a database that does not answer, for example while it starts (default 0).");
        var verb = new Verb("migrate", "Create or update the tables in the database; safe to repeat, also from several machines at once.")
        {
            Examples = ["migrate --database 'Host=db;Database=vaecluster;Username=vaecluster;Password=…' --wait 60"],
        };
        verb.Options.Add(database.Option);
        verb.Options.Add(wait.Option);
        verb.SetAction(async (parsed, cancellation) =>
        {
            SettingValue text = database.Read(parsed)
                ?? throw new BadInputException(
                    database.Option.Name, null, null, "is missing: the address of the database, Host=…;Database=…;Username=…;Password=…");
            TextWriter output = parsed.InvocationConfiguration.Output;
            var retry = new DatabaseRetry(wait.Read(parsed)?.Seconds(0, 86400) ?? TimeSpan.Zero, TimeProvider.System);
            DatabaseAddress address = DatabaseAddress.Parse(text.Text, text.Source);
            await retry.RunAsync(() => SchemaMigration.MigrateAsync(address, output.WriteLine, cancellation), output.WriteLine,
                cancellation);
            return ExitCodes.Done;
        });
        return verb;
    }
}
