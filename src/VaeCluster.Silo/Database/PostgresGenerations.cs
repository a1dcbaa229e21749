using Npgsql;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Silo.Database;

/// <summary>
/// The fence of a run as a row of the database. Each call is one atomic statement that may be repeated, so a database that is away for a
/// while only delays it. Calls block: they belong on a thread of training, never on one of a scheduler.
/// </summary>
/// <param name="database">The database; not disposed of here.</param>
/// <param name="run">The run.</param>
/// <param name="retry">How long to wait for a database that is away.</param>
public sealed class PostgresGenerations(NpgsqlDataSource database, string run, DatabaseRetry retry) : IGenerations
{
    /// <inheritdoc/>
    /// <remarks>A number whose answer was lost on the way is never used; the next one is taken.</remarks>
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
