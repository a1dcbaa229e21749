using System.Net.Sockets;
using Npgsql;

namespace VaeCluster.Silo.Database;

/// <summary>Tells a database that is away for a while from one that has understood the question and refuses it.</summary>
public static class ConnectionFault
{
    /// <summary>Whether the database was away, stopping or starting, so that the same question may be answered in a while.</summary>
    /// <param name="fault">What the driver threw.</param>
    public static bool Is(Exception fault) => fault switch
    {
        // Of the server's own words only those about the connection: stopping, starting, no connection left, lost.
        PostgresException refusal => refusal.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || refusal.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        NpgsqlException { InnerException: PostgresException inner } => Is(inner),
        SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>A fault in one line.</summary>
    /// <param name="fault">What the driver threw.</param>
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
