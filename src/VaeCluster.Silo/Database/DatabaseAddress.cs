using Npgsql;
using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>Address and credentials of the database, parsed from a connection string. No message shows the password.</summary>
public sealed class DatabaseAddress
{
    private const string Form =
        "Host=…;Port=…;Database=…;Username=…;Password=… is expected (the value is not shown because it may hold a password)";

    private readonly NpgsqlConnectionStringBuilder _parts;

    private DatabaseAddress(string source, NpgsqlConnectionStringBuilder parts)
    {
        Source = source;
        _parts = parts;
    }

    /// <summary>The option or variable that gave the address, for messages.</summary>
    public string Source { get; }

    /// <summary>The connection string for drivers, with the password.</summary>
    public string ConnectionString => _parts.ConnectionString;

    /// <summary>The database for messages, such as <c>database 'vaecluster' at db:5432</c>.</summary>
    public string Description => $"database '{_parts.Database ?? _parts.Username}' at {_parts.Host}:{_parts.Port}";

    /// <summary>Parses a connection string, without connecting.</summary>
    /// <param name="text">The connection string: <c>Host=…;Database=…;…</c>.</param>
    /// <param name="source">The option or variable that it came from, for messages.</param>
    /// <exception cref="BadInputException">The text is not a connection string, or names no host.</exception>
    public static DatabaseAddress Parse(string text, string source)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            // The driver's message may repeat part of a password that contains a semicolon, so neither message nor exception is passed on.
            throw new BadInputException(source, null, null, Form);
        }

        if (string.IsNullOrWhiteSpace(parts.Host)) throw new BadInputException(source, "Host", null, $"is missing; {Form}");

        // Defaults: a short timeout, so that a host that drops packets does not hold up a silo, and a name for the views of the database.
        if (!parts.ShouldSerialize("Timeout")) parts.Timeout = 5;
        if (!parts.ShouldSerialize("Application Name")) parts.ApplicationName = "vaecluster";
        parts.PersistSecurityInfo = false;
        parts.IncludeErrorDetail = false;
        return new DatabaseAddress(source, parts);
    }

    /// <summary>Creates a connection pool, without connecting; the caller disposes of it.</summary>
    public NpgsqlDataSource CreateDataSource() => NpgsqlDataSource.Create(_parts);

    /// <summary>Opens a connection outside any pool; the caller disposes of it.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The database cannot be reached, or refuses the credentials.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception fault) when (fault is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            await connection.DisposeAsync();
            throw new BadInputException(Source, null, null, $"{Description} cannot be used: {ConnectionFault.Describe(fault)}", fault);
        }
    }
}
