using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VaeCluster.Tests.Shared;

/// <summary>A server on this machine whose answers are raw bytes, so that it can lie and break off. Every connection has one
/// request.</summary>
internal sealed class RawHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, IEnumerable<byte[]>> _answer;
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Starts it on a free port.</summary>
    /// <param name="answer">From the head of a request to the pieces of an answer, after which the connection is closed; an empty one:
    /// silence.</param>
    public RawHttpServer(Func<string, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The heads of the requests so far.</summary>
    public string[] Requests => [.. _requests];

    /// <summary>An answer with a length.</summary>
    public static byte[] Answer(string status, byte[] content, string more = "", long? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length ?? content.Length}\r\nConnection: close\r\n{more}\r\n"),
            .. content];

    /// <summary>What a well-behaved server answers, ranges included.</summary>
    public static byte[] Serve(byte[] content, string request)
    {
        int start = RangeOf(request);
        if (start == 0) return Answer("200 OK", content);
        return start >= content.Length
            ? Answer("416 Range Not Satisfiable", [])
            : Answer("206 Partial Content", content[start..], $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}\r\n");
    }

    /// <summary>Where the range of a request begins; 0: it has none.</summary>
    public static int RangeOf(string request)
    {
        int place = request.IndexOf("Range: bytes=", StringComparison.OrdinalIgnoreCase);
        return place < 0
            ? 0
            : int.Parse(request[(place + 13)..request.IndexOf('-', place)], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The path of a request.</summary>
    public static string PathOf(string request) => request.Split(' ')[1];

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception fault) when (fault is ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                var head = new StringBuilder();
                byte[] buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int read = await stream.ReadAsync(buffer);
                    if (read == 0) return;
                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                _requests.Enqueue(head.ToString());
                foreach (byte[] piece in _answer(head.ToString()))
                {
                    if (piece.Length > 0) await stream.WriteAsync(piece);
                    else while (await stream.ReadAsync(buffer) > 0) { } // until the client leaves
                }
            }
            catch (IOException)
            {
                // The client has left.
            }
        }
    }
}
