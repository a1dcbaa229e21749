using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VaeCluster.Benchmarks.Exchange;
using VaeCluster.Exchange;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>exchange</c>: tensors between two processes, alternating between the tensor channel and a plain loopback socket.</summary>
internal static class ExchangeMode
{
    private const int Most = 16 << 20;
    private static readonly int[] Sizes = [64 << 10, 256 << 10, 1 << 20, 1_300_000, Most];

    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one JSON object per line" };
        var rounds = new Option<int>("--rounds") { Description = "number of rounds; medians are reported", DefaultValueFactory = _ => 5 };
        var buffer = new Option<int>("--buffer")
        {
            Description = "size of socket buffers in bytes; 0: the kernel's default",
            DefaultValueFactory = _ => 2 << 20,
        };
        var child = new Option<int>("--child") { Description = "internal: port of the parent process", Hidden = true };
        var command = new Command(
            "exchange",
            "Time tensor transfers between two processes and compare them with a plain socket.") { json, rounds, buffer, child };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(child) is var port and > 0) Serve(port, parsed.GetValue(buffer));
            else Measure(parsed.GetValue(rounds), parsed.GetValue(buffer), parsed.GetValue(json));
        });
        return command;
    }

    private static void Serve(int parent, int buffer)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        RawPeer.SetUp(listening, buffer);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        using var channel = new ChannelPeer(Most, buffer);
        channel.ConnectTo(parent);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)listening.LocalEndPoint!).Port} {channel.Port}"));
        RawPeer.Serve(listening, Most, buffer);
    }

    private static void Measure(int rounds, int buffer, bool json)
    {
        using var channel = new ChannelPeer(Most, buffer);
        using Process child = Start(channel.Port, buffer);
        int[] ports = [.. child.StandardOutput.ReadLine()!.Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
        channel.ConnectTo(ports[1]);
        using (var raw = new RawPeer(ports[0], Most, buffer))
        {
            MeasureChecksum(json);
            foreach (int size in Sizes) Measure(raw, channel, size, rounds, json);
        }

        child.WaitForExit();
    }

    private static Process Start(int port, int buffer)
    {
        string program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ExchangeMode).Assembly.Location] : [];
        string[] arguments = ["exchange", "--child", $"{port}", "--buffer", $"{buffer}"];
        return Process.Start(new ProcessStartInfo(program, [.. assembly, .. arguments]) { RedirectStandardOutput = true })!;
    }

    private static void MeasureChecksum(bool json)
    {
        foreach (int size in (int[])[256 << 10, Most])
        {
            var data = new float[size / sizeof(float)];
            uint sum = 0;
            Action work = () => sum ^= PayloadChecksum.Of(MemoryMarshal.AsBytes(data.AsSpan()));
            double rate = size / Repetition.Seconds(work, TimeSpan.FromSeconds(0.5)).Median / 1e9;
            if (json) Json.Print(new { What = "checksum", Bytes = size, GigabytesPerSecond = rate });
            else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"checksum of {size,9} B  {rate,6:0.00} GB/s"));
        }
    }

    private static void Measure(RawPeer raw, ChannelPeer channel, int size, int rounds, bool json)
    {
        int many = Math.Max(8, (512 << 20) / size), pings = Math.Max(20, (128 << 20) / size);
        double[,] found = new double[4, rounds];
        raw.OneWay(size, many / 4);
        channel.OneWay(size, many / 4);
        channel.PingPong(size, pings / 4);
        for (int round = 0; round < rounds; round++)
        {
            found[0, round] = (double)size * many / raw.OneWay(size, many) / 1e9;
            found[1, round] = (double)size * many / channel.OneWay(size, many) / 1e9;
            found[2, round] = 1e6 * Median(raw.PingPong(size, pings));
            found[3, round] = 1e6 * Median(channel.PingPong(size, pings));
        }

        double[] Rounds(int what) => [.. Enumerable.Range(0, rounds).Select(round => found[what, round])];
        double[] median = [.. Enumerable.Range(0, 4).Select(what => Median(Rounds(what)))];
        if (json)
        {
            Json.Print(new
            {
                What = "tensor",
                Bytes = size,
                SocketGigabytesPerSecond = median[0],
                ChannelGigabytesPerSecond = median[1],
                SocketRoundTripMicroseconds = median[2],
                ChannelRoundTripMicroseconds = median[3],
            });
        }
        else
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size,9} B  socket {median[0],5:0.00} GB/s, channel {median[1],5:0.00} ({median[1] / median[0],4:P0});  "
                + $"round trip: socket {median[2],7:0.0} µs, channel {median[3],7:0.0} ({median[3] - median[2],6:+0.0;-0.0})"));
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
