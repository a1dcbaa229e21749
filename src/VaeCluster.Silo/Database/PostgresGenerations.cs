using Npgsql;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Silo.Database;

/// <summary>
/// The generations of a run, kept in a row of the database. Each call is one atomic statement that is safe to repeat, so a database that
/// cannot be reached for a while only delays it. Calls block: make them on a training thread, never on a scheduler's.
/// </summary>
/// <param name="database">The database; the caller disposes of it.</param>
/// <param name="run">The run.</param>
/// <param name="retry">How long to retry while the database cannot be reached.</param>
public sealed class PostgresGenerations(NpgsqlDataSource database, string run, DatabaseRetry retry) : IGenerations
{
    /// <inheritdoc/>
    /// <remarks>If an answer is lost, its number stays unused and the retry takes the next one.</remarks>
    public int Take(int atLeast)
    {
        const string Text = """
            insert into vaecluster_generation as g (run, value) values (@run, @least + 1)
            on conflict (run) do update set value = greatest(g.value, @least) + 1, taken = now()
            returning value
            """;
        return (int)Scalar(Text, ("least", atLeast))!;
    }

    /// <inheritdoc/>
    public void Demand(int generation)
    {
        if (Scalar("select value from vaecluster_generation where run = @run and value > @own", ("own", generation)) is int newest)
            throw new StaleGenerationException(generation, newest);
    }

    private object? Scalar(string text, params (string Name, object Value)[] parameters) => retry.Run(() =>
    {
        using NpgsqlCommand command = database.CreateCommand(text);
        command.Parameters.AddWithValue("run", run);
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar();
    });
}
