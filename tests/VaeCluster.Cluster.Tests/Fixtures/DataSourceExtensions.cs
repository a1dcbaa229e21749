using Npgsql;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Helpers for short queries.</summary>
internal static class DataSourceExtensions
{
    /// <summary>The first column of the first row.</summary>
    internal static async Task<object?> ScalarAsync(this NpgsqlDataSource source, string text)
    {
        await using NpgsqlCommand command = source.CreateCommand(text);
        return await command.ExecuteScalarAsync();
    }
}
