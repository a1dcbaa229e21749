using System.Diagnostics;
using System.Net;
using VaeCluster.Exchange;

namespace VaeCluster.Benchmarks.Exchange;

/// <summary>The tensor channel in both directions, as in a silo: a listener, and a sender to the other process.</summary>
internal sealed class ChannelPeer : ITensorReceiver, IDisposable
{
    private const ulong OneWayRun = 1;
    private const ulong PingRun = 2;
    private const ulong PongRun = 3;
    private const ulong ArrivedRun = 4;

    private readonly float[] _source;
    private readonly float[] _into;
    private readonly TensorListener _listener;
    private readonly ExchangeOptions _options;
    private readonly AutoResetEvent _done = new(false);
    private TensorSender? _sender;
    private double[] _seconds = [];
    private long _begin;
    private int _round;

    internal ChannelPeer(int most, int buffer)
    {
        _source = new float[most / sizeof(float)];
        _into = new float[most / sizeof(float)];
        _options = new ExchangeOptions
        {
            ClusterId = "benchmark",
            Secret = new ClusterSecret("not a secret: both ends of a benchmark know it"),
            Name = $"process {Environment.ProcessId}",
            SocketBuffer = buffer,
            Log = line => Console.Error.WriteLine(line),
        };
        _listener = new TensorListener(new IPEndPoint(IPAddress.Loopback, 0), this, _options);
    }

    internal int Port => _listener.EndPoint.Port;

    internal void ConnectTo(int port) => _sender = new TensorSender("127.0.0.1", port, _options);

    /// <summary>Seconds to send a number of tensors in one direction, until the last has arrived.</summary>
    internal double OneWay(int size, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++) Post(OneWayRun, i, count, size / sizeof(float));
        _done.WaitOne();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>The round-trip time in seconds of each of a number of tensors.</summary>
    internal double[] PingPong(int size, int count)
    {
        _seconds = new double[count];
        _round = 0;
        _begin = Stopwatch.GetTimestamp();
        Post(PingRun, 0, count, size / sizeof(float));
        _done.WaitOne();
        return _seconds;
    }

    /// <inheritdoc/>
    public Memory<float> Accept(TensorConnection from, in TensorHeader header) => _into.AsMemory(header.Offset, header.Count);

    /// <inheritdoc/>
    public void Received(TensorConnection from, in TensorHeader header)
    {
        if (header.Offset + header.Count < header.Total) return;
        switch (header.Run)
        {
            case OneWayRun when header.Step == header.Generation - 1:
                Post(ArrivedRun, 0, 0, 1);
                break;
            case PingRun:
                Post(PongRun, header.Step, header.Generation, header.Total);
                break;
            case PongRun:
                _seconds[_round++] = Stopwatch.GetElapsedTime(_begin).TotalSeconds;
                if (_round == _seconds.Length)
                {
                    _done.Set();
                    break;
                }

                _begin = Stopwatch.GetTimestamp();
                Post(PingRun, header.Step + 1, header.Generation, header.Total);
                break;
            case ArrivedRun:
                _done.Set();
                break;
        }
    }

    /// <inheritdoc/>
    public void Closed(TensorConnection from)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender?.Dispose();
        _listener.Dispose();
        _done.Dispose();
    }

    private void Post(ulong run, int step, int count, int elements)
    {
        var header = new TensorHeader
        {
            Kind = TensorKind.Gradient,
            Run = run,
            Generation = count,
            Step = step,
        };
        _sender!.Post(in header, _source.AsMemory(0, elements), null);
    }
}
