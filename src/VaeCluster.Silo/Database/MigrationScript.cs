using System.Globalization;
using System.Reflection;

namespace VaeCluster.Silo.Database;

/// <summary>One migration of the schema. Versions run from 1 without gaps.</summary>
/// <param name="Version">The schema version after it.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Text">The SQL statements.</param>
internal sealed record MigrationScript(int Version, string Name, string Text)
{
    /// <summary>The scripts of this program, in order of version.</summary>
    internal static IReadOnlyList<MigrationScript> All { get; } = Load();

    private static MigrationScript[] Load()
    {
        const string Prefix = "Scripts/";
        Assembly assembly = typeof(MigrationScript).Assembly;
        MigrationScript[] scripts =
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(assembly, name, name[Prefix.Length..])),
        ];
        for (int i = 0; i < scripts.Length; i++)
            if (scripts[i].Version != i + 1) throw new InvalidOperationException($"script {scripts[i].Name} should have number {i + 1}");
        return scripts;
    }

    private static MigrationScript Read(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new MigrationScript(int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
