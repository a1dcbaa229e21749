using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using VaeCluster.Exchange;

namespace VaeCluster.Grains.Security;

/// <summary>
/// Orleans' connections between silos, and from clients to silos, that carry nothing until both ends have proved that they hold the
/// cluster's secret. A filter of incoming calls would come later: messages of the platform itself (membership, placement, directory) pass
/// no such filter, and a stranger's could still be read and answered.
/// </summary>
/// <remarks>
/// The end that connects sends 8 bytes and a nonce; the other a nonce and its proof; the first its own proof. Within TLS where there is
/// TLS.
/// </remarks>
public static class SecretConnections
{
    private const string DialRole = "vaecluster orleans, dials", AcceptRole = "vaecluster orleans, accepts";

    // As long as the handshake of tensors may take.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static ReadOnlySpan<byte> Magic => "VAEORLS1"u8;

    /// <summary>The end that connects proves first that it is welcome.</summary>
    /// <param name="builder">The connection's middleware.</param>
    /// <param name="secret">The cluster's secret.</param>
    /// <param name="log">Receives a line for each peer that is refused; null: nobody does.</param>
    /// <returns>The builder.</returns>
    public static IConnectionBuilder DialWithSecret(this IConnectionBuilder builder, ClusterSecret secret, LimitedLog? log = null) =>
        builder.Use(next => context => ProveAsync(context, next, (pipe, limit) => DialAsync(pipe, secret, limit), log));

    /// <summary>The end that listens lets nobody in who does not prove it.</summary>
    /// <param name="builder">The connection's middleware.</param>
    /// <param name="secret">The cluster's secret.</param>
    /// <param name="log">Receives a line for each peer that is refused; null: nobody does.</param>
    /// <returns>The builder.</returns>
    public static IConnectionBuilder AcceptWithSecret(this IConnectionBuilder builder, ClusterSecret secret, LimitedLog? log = null) =>
        builder.Use(next => context => ProveAsync(context, next, (pipe, limit) => AcceptAsync(pipe, secret, limit), log));

    private static async Task ProveAsync(
        ConnectionContext context, ConnectionDelegate next, Func<IDuplexPipe, CancellationToken, Task<string?>> prove, LimitedLog? log)
    {
        string? refusal;
        using (var limit = new CancellationTokenSource(Limit))
        {
            try
            {
                refusal = await prove(context.Transport, limit.Token);
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or ConnectionResetException)
            {
                refusal = limit.IsCancellationRequested ? "it said nothing for too long" : "it closed the connection";
            }
        }

        if (refusal is null)
        {
            await next(context);
            return;
        }

        log?.Say("orleans", $"connection with {context.RemoteEndPoint} closed: {refusal}");
        context.Abort(new ConnectionAbortedException(refusal));
    }

    private static async Task<string?> DialAsync(IDuplexPipe pipe, ClusterSecret secret, CancellationToken limit)
    {
        byte[] nonce = ClusterSecret.NewNonce(), hello = [.. Magic, .. nonce];
        await pipe.Output.WriteAsync(hello, limit);
        byte[] answer = await ReadAsync(pipe.Input, ClusterSecret.NonceSize + ClusterSecret.ProofSize, limit);
        byte[] theirs = answer[..ClusterSecret.NonceSize], said = [.. hello, .. theirs];
        if (!secret.Holds(answer.AsSpan(ClusterSecret.NonceSize), AcceptRole, said, nonce)) return "it does not hold the cluster's secret";
        await pipe.Output.WriteAsync(secret.Prove(DialRole, said, theirs), limit);
        return null;
    }

    private static async Task<string?> AcceptAsync(IDuplexPipe pipe, ClusterSecret secret, CancellationToken limit)
    {
        byte[] hello = await ReadAsync(pipe.Input, Magic.Length + ClusterSecret.NonceSize, limit);
        if (!hello.AsSpan(0, Magic.Length).SequenceEqual(Magic)) return "what it said first is no proof of the cluster's secret";
        byte[] nonce = ClusterSecret.NewNonce(), said = [.. hello, .. nonce];
        await pipe.Output.WriteAsync((byte[])[.. nonce, .. secret.Prove(AcceptRole, said, hello.AsSpan(Magic.Length))], limit);
        byte[] proof = await ReadAsync(pipe.Input, ClusterSecret.ProofSize, limit);
        return secret.Holds(proof, DialRole, said, nonce) ? null : "it does not hold the cluster's secret";
    }

    private static async Task<byte[]> ReadAsync(PipeReader input, int count, CancellationToken limit)
    {
        ReadResult read = await input.ReadAtLeastAsync(count, limit);
        if (read.Buffer.Length < count) throw new EndOfStreamException();
        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, count);
        byte[] copy = bytes.ToArray();
        input.AdvanceTo(bytes.End);
        return copy;
    }
}
