using Npgsql;
using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>Where the database is and how to sign in, from a text of the user. No message from here shows the password.</summary>
public sealed class DatabaseAddress
{
    private const string Form =
        "Host=…;Port=…;Database=…;Username=…;Password=… is expected (the value is not shown, it may hold a password)";

    private readonly NpgsqlConnectionStringBuilder _parts;

    private DatabaseAddress(string source, NpgsqlConnectionStringBuilder parts)
    {
        Source = source;
        _parts = parts;
    }

    /// <summary>The option or variable that gave the address, for messages.</summary>
    public string Source { get; }

    /// <summary>The text for drivers; it holds the password.</summary>
    public string ConnectionString => _parts.ConnectionString;

    /// <summary>The database in words: <c>database 'vaecluster' at db:5432</c>.</summary>
    public string Description => $"database '{_parts.Database ?? _parts.Username}' at {_parts.Host}:{_parts.Port}";

    /// <summary>Reads an address. Nothing is connected.</summary>
    /// <param name="text">The text: <c>Host=…;Database=…;…</c>.</param>
    /// <param name="source">The option or variable that it comes from, for messages.</param>
    /// <exception cref="BadInputException">The text is no address, or names no host.</exception>
    public static DatabaseAddress Parse(string text, string source)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            // The driver's words may repeat a piece of a password that holds a semicolon, so they are left out, and so is the fault.
            throw new BadInputException(source, null, null, Form);
        }

        if (string.IsNullOrWhiteSpace(parts.Host)) throw new BadInputException(source, "Host", null, $"is missing; {Form}");

        // Where nobody says otherwise: a host that swallows packets must not hold up a silo for long, and views tell who is who.
        if (!parts.ShouldSerialize("Timeout")) parts.Timeout = 5;
        if (!parts.ShouldSerialize("Application Name")) parts.ApplicationName = "vaecluster";
        parts.PersistSecurityInfo = false;
        parts.IncludeErrorDetail = false;
        return new DatabaseAddress(source, parts);
    }

    /// <summary>A pool of connections. Nothing is connected yet; the caller disposes of it.</summary>
    public NpgsqlDataSource CreateDataSource() => NpgsqlDataSource.Create(_parts);

    /// <summary>One connection outside any pool, opened.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The database cannot be reached, or refuses the sign-in.</exception>
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
