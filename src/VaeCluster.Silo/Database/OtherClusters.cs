using Npgsql;

namespace VaeCluster.Silo.Database;

/// <summary>Finds out whether another cluster uses a database: runs and generations belong to one cluster.</summary>
internal static class OtherClusters
{
    /// <summary>The id of another cluster with live silos in the database; null if there is none.</summary>
    /// <param name="address">A migrated database.</param>
    /// <param name="own">This cluster's id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal static async Task<string?> FindAsync(DatabaseAddress address, string own, CancellationToken cancellation)
    {
        const string Text = """
            select cluster from vaecluster_silo
            where cluster <> @own and status = @active and alive > now() - interval '10 seconds'
            limit 1
            """;
        await using NpgsqlConnection connection = await address.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(Text, connection);
        command.Parameters.AddWithValue("own", own);
        command.Parameters.AddWithValue("active", (int)SiloStatus.Active);
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
