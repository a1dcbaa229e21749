using System.Globalization;
using System.Reflection;

namespace VaeCluster.Silo.Database;

/// <summary>One step of the schema, numbered without gaps from 1.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Text">Statements of SQL.</param>
internal sealed record MigrationScript(int Version, string Name, string Text)
{
    /// <summary>The scripts of this program, in their order.</summary>
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
