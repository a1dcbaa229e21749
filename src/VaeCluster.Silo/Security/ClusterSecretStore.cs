using System.Security.Cryptography;
using System.Text;
using Npgsql;
using VaeCluster.Core;
using VaeCluster.Exchange;
using VaeCluster.Silo.Database;
using VaeCluster.Silo.Options;
using VaeCluster.Training.Files;

namespace VaeCluster.Silo.Security;

/// <summary>Where the cluster's secret is kept. The first silo makes it, so that no cluster is without one.</summary>
internal static class ClusterSecretStore
{
    /// <summary>The file in the folder of runs of a standalone cluster, which only its user may read.</summary>
    internal const string FileName = "cluster.secret";

    private const string Option = "--cluster-secret-file", DigestPrefix = "sha256:";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the secret, or makes it.</summary>
    /// <param name="settings">The silo's settings; of a standalone cluster, only one silo at a time may be here.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">A file or the database cannot be used, others may read the file, or the cluster's silos use
    /// another secret.</exception>
    internal static async Task<ClusterSecret> ReadAsync(SiloSettings settings, CancellationToken cancellation)
    {
        string? given = settings.SecretFile is { } file ? ClusterSecret.ReadText(file, Option) : null;

        // Of a secret in a file, only the digest is recorded, so that a silo with another one is told at once.
        string wanted = given is null ? ClusterSecret.NewText() : DigestOf(given);
        string path = Path.Combine(settings.Runs, FileName);
        string recorded = settings.Database is { } database
            ? await ReadOrRecordAsync(database, settings.ClusterId, wanted, cancellation)
            : ReadOrRecord(path, wanted);
        string place = settings.Database?.Description ?? path;
        bool isDigest = recorded.StartsWith(DigestPrefix, StringComparison.Ordinal);
        if (given is null && isDigest)
            throw new BadInputException(Option, null, null, $"is needed: the cluster's silos use a secret of which {place} has the digest");
        if (given is not null && recorded != (isDigest ? DigestOf(given) : given))
        {
            throw new BadInputException(Option, null, settings.SecretFile,
                $"the secret of the cluster's other silos, as {place} has it; to change it, stop them all and delete it there");
        }

        return new ClusterSecret(given ?? recorded);
    }

    private static string DigestOf(string secret) =>
        DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"vaecluster cluster secret {secret}")));

    private static string ReadOrRecord(string path, string wanted)
    {
        if (!File.Exists(path))
        {
            try
            {
                DurableFile.PutInPlace(path, part => Write(part, wanted), demand: () => { });
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException("--runs", null, path, $"a file that can be written ({fault.Message})", fault);
            }
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~Private) != 0)
            throw new BadInputException("--runs", null, path, "a file that only its owner may read: chmod 600 it, or use " + Option);
        return ClusterSecret.ReadText(path, "--runs");
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
        using var file = new StreamWriter(path, options);
        file.WriteLine(text);
    }

    private static async Task<string> ReadOrRecordAsync(
        DatabaseAddress address, string cluster, string wanted, CancellationToken cancellation)
    {
        const string Text = """
            insert into vaecluster_secret (cluster, secret) values (@cluster, @secret) on conflict do nothing;
            select secret from vaecluster_secret where cluster = @cluster;
            """;
        await using NpgsqlConnection connection = await address.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(Text, connection);
        command.Parameters.AddWithValue("cluster", cluster);
        command.Parameters.AddWithValue("secret", wanted);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
