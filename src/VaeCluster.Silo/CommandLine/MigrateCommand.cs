using System.CommandLine;
using VaeCluster.Core;
using VaeCluster.Silo.Database;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>migrate</c>: brings the database to this program's schema.</summary>
internal static class MigrateCommand
{
    internal static Command Create()
    {
        Setting database = SiloSettingsReader.DatabaseSetting();
        var wait = new Setting("--wait", "SECONDS", "How long to wait for a database that is away, such as one that starts just now (default 0).");
        var verb = new Verb("migrate", "Make or renew the tables in the database; any number of times, also from several machines at once.")
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
            var patience = new Patience(wait.Read(parsed)?.Seconds(0, 86400) ?? TimeSpan.Zero, TimeProvider.System);
            DatabaseAddress address = DatabaseAddress.Parse(text.Text, text.Source);
            await patience.AskAsync(() => SchemaMigration.MigrateAsync(address, output.WriteLine, cancellation), output.WriteLine, cancellation);
            return ExitCodes.Done;
        });
        return verb;
    }
}
