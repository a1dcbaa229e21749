using System.Net.Sockets;
using Npgsql;

namespace VaeCluster.Silo.Database;

/// <summary>Distinguishes a database that cannot be reached at the moment from one that answers with an error.</summary>
public static class ConnectionFault
{
    /// <summary>Whether the database could not be reached, or was starting or stopping, so that retrying may help.</summary>
    /// <param name="fault">The exception from the driver.</param>
    public static bool Is(Exception fault) => fault switch
    {
        // Of the server's error codes, only those about the connection: shutting down, starting up, too many connections, connection lost.
        PostgresException refusal => refusal.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || refusal.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        NpgsqlException { InnerException: PostgresException inner } => Is(inner),
        SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Describes a fault in one line.</summary>
    /// <param name="fault">The exception from the driver.</param>
    public static string Describe(Exception fault)
    {
        string text = fault switch
        {
            PostgresException refusal => $"{refusal.MessageText} ({refusal.SqlState})",
            { InnerException: { } inner } => inner.Message,
            _ => fault.Message,
        };
        return text.ReplaceLineEndings(" ");
    }
}
