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
        var verb = new Verb("migrate", "Make or renew the tables in the database; any number of times, also from several machines at once.")
        {
            Examples = ["migrate --database 'Host=db;Database=vaecluster;Username=vaecluster;Password=…'"],
        };
        verb.Options.Add(database.Option);
        verb.SetAction(async (parsed, cancellation) =>
        {
            SettingValue text = database.Read(parsed)
                ?? throw new BadInputException(
                    database.Option.Name, null, null, "is missing: the address of the database, Host=…;Database=…;Username=…;Password=…");
            TextWriter output = parsed.InvocationConfiguration.Output;
            await SchemaMigration.MigrateAsync(DatabaseAddress.Parse(text.Text, text.Source), output.WriteLine, cancellation);
            return ExitCodes.Done;
        });
        return verb;
    }
}
