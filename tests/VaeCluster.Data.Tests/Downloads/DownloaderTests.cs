using System.IO.Compression;
using System.Security.Cryptography;
using VaeCluster.Core;
using VaeCluster.Data.Downloads;

namespace VaeCluster.Data.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = Noise(200_000);
    private static readonly byte[] Packed = Gzip(Content);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_downloaded_unpacked_and_fetched_only_once(bool packed)
    {
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(packed ? Packed : Content, request)]);
        long received = 0;
        Assert.True(await Downloader().FetchAsync(File(server), _folder.Path, bytes => received = bytes));
        AssertWhole();
        Assert.Equal(packed ? Packed.Length : Content.Length, received);
        Assert.False(await Downloader().FetchAsync(File(server), _folder.Path));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_hash_of_the_compressed_bytes_is_checked_against_them()
    {
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        await Downloader().FetchAsync(File(server) with { Hash = ContentHash.Sha256OfServed(Hex(Packed)) }, _folder.Path);
        AssertWhole();
        Assert.False(await Downloader().FetchAsync(File(server) with { Hash = ContentHash.Sha256OfServed(Hex(Packed)) }, _folder.Path));
    }

    [Fact]
    public async Task A_lost_connection_is_resumed_where_it_stopped()
    {
        using var server = new RawHttpServer(request =>
        {
            byte[] whole = RawHttpServer.Serve(Packed, request);
            return [whole[..Math.Min(whole.Length, 20_000)]];
        });
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
        int[] starts = [.. server.Requests.Select(RawHttpServer.RangeOf)];
        Assert.True(starts.Length > 3);
        Assert.Equal(starts.Order().Distinct(), starts);
    }

    [Fact]
    public async Task A_partial_download_of_an_earlier_process_is_resumed()
    {
        System.IO.File.WriteAllBytes(Part, Packed[..1000]);
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
        Assert.Equal(1000, RawHttpServer.RangeOf(Assert.Single(server.Requests)));
    }

    [Fact]
    public async Task A_complete_download_of_an_earlier_process_is_used()
    {
        System.IO.File.WriteAllBytes(Part, Packed);
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Without_range_support_the_download_starts_again()
    {
        System.IO.File.WriteAllBytes(Part, Packed[..1000]);
        using var server = new RawHttpServer(_ => [RawHttpServer.Answer("200 OK", Packed)]);
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
    }

    [Fact]
    public async Task A_partial_download_with_wrong_bytes_is_discarded_and_restarted()
    {
        System.IO.File.WriteAllBytes(Part, new byte[1000]);
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
        Assert.Equal([1000, 0], server.Requests.Select(RawHttpServer.RangeOf));
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        using var server = new RawHttpServer(request => RawHttpServer.PathOf(request) == "/there"
            ? [RawHttpServer.Serve(Packed, request)]
            : [RawHttpServer.Answer("302 Found", [], "Location: /there\r\n")]);
        await Downloader().FetchAsync(File(server), _folder.Path);
        AssertWhole();
    }

    public static IEnumerable<object[]> Failures =>
    [
        ["404", "404 Not Found"],
        ["circle", "302"],
        ["503", "503 Busy"],
        ["closes", "closed the connection"],
        ["other bytes", "SHA-256"],
        ["other gzip", "SHA-256"],
        ["short", "SHA-256"],
        ["damaged gzip", "cannot be unpacked"],
        ["too long", "maximum of 200000 bytes"],
        ["says too long", "maximum of 200000 bytes"],
        ["bomb", "maximum of 200000 bytes"],
        ["endless", "maximum of 200000 bytes"],
        ["other range", "different range"],
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task After_a_failing_or_wrong_source_the_next_is_tried(string kind, string reason)
    {
        using var bad = new RawHttpServer(request => Bad(kind, request));
        using var good = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        if (kind == "other range") System.IO.File.WriteAllBytes(Part, Packed[..1000]);
        await Downloader().FetchAsync(File(bad, good), _folder.Path);
        AssertWhole();

        System.IO.File.Delete(Path.Combine(_folder.Path, "data"));
        if (kind == "other range") System.IO.File.WriteAllBytes(Part, Packed[..1000]);
        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => Downloader().FetchAsync(File(bad), _folder.Path));
        Assert.StartsWith($"data could not be downloaded: {bad.Address}data: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        // A part that can be resumed may be left, but nothing has the final name.
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.EndsWith(".part", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_error_names_every_failed_source()
    {
        using var first = new RawHttpServer(_ => [RawHttpServer.Answer("404 Not Found", [])]);
        using var second = new RawHttpServer(_ => [RawHttpServer.Answer("403 Forbidden", [])]);
        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => Downloader().FetchAsync(File(first, second), _folder.Path));
        Assert.Contains(
            $"{first.Address}data: 404 Not Found; {second.Address}data: 403 Forbidden", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_gives_a_one_line_error()
    {
        var server = new RawHttpServer(_ => []);
        DownloadFile file = File(server);
        server.Dispose();
        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => Downloader().FetchAsync(file, _folder.Path));
        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_server_that_stops_sending_is_retried_and_then_abandoned()
    {
        using var server = new RawHttpServer(_ => [RawHttpServer.Answer("200 OK", Packed)[..5000], []]);
        // All timers of this clock fire at once, including the timeout for the server.
        var failure = await Assert.ThrowsAsync<DownloadFailedException>(
            () => new Downloader(_client, new InstantTime()).FetchAsync(File(server), _folder.Path));
        Assert.Contains("no data for 60 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_different_file_is_not_overwritten()
    {
        using var server = new RawHttpServer(request => [RawHttpServer.Serve(Packed, request)]);
        _folder.Write("data", [1, 2, 3]);
        await Assert.ThrowsAsync<BadInputException>(() => Downloader().FetchAsync(File(server), _folder.Path));
        Assert.Equal([1, 2, 3], System.IO.File.ReadAllBytes(Path.Combine(_folder.Path, "data")));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Cancelling_keeps_the_partial_download()
    {
        using var stop = new CancellationTokenSource();
        using var server = new RawHttpServer(_ => [RawHttpServer.Answer("200 OK", Packed)[..30_000], []]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Downloader().FetchAsync(File(server), _folder.Path, bytes => stop.Cancel(), stop.Token));
        Assert.True(new FileInfo(Part).Length > 0);
    }

    [Fact]
    public void Every_known_set_has_sources_and_hashes()
    {
        Assert.Equal(DownloadSets.All.Count, DownloadSets.All.Select(set => set.Name).Distinct().Count());
        Assert.All(DownloadSets.All.SelectMany(set => set.Files), file =>
        {
            Assert.NotEmpty(file.Sources);
            Assert.All(file.Sources, source => Assert.True(source.Scheme is "http" or "https"));
            Assert.Matches(file.Hash.Algorithm == HashAlgorithmName.MD5 ? "^[0-9a-f]{32}$" : "^[0-9a-f]{64}$", file.Hash.Hex);
            Assert.Equal(Path.GetFileName(file.Name), file.Name);
        });
        Assert.Contains("did you mean 'fashion-mnist'", Assert.Throws<BadInputException>(
            () => DownloadSets.Find("fashon-mnist")).Message, StringComparison.Ordinal);
    }

    private string Part => Path.Combine(_folder.Path, "data.part");

    private Downloader Downloader() => new(_client, new InstantDelays());

    private static DownloadFile File(params RawHttpServer[] servers) =>
        new("data", [.. servers.Select(server => new Uri(server.Address, "data"))], ContentHash.Sha256(Hex(Content)), Content.Length);

    private static IEnumerable<byte[]> Bad(string kind, string request) => kind switch
    {
        "404" => [RawHttpServer.Answer("404 Not Found", [1, 2, 3])],
        "circle" => [RawHttpServer.Answer("302 Found", [], "Location: /data\r\n")],
        "503" => [RawHttpServer.Answer("503 Busy", [])],
        "closes" => [],
        "other bytes" => [RawHttpServer.Answer("200 OK", [5, .. Content[1..]])],
        "other gzip" => [RawHttpServer.Answer("200 OK", Gzip([5, .. Content[1..]]))],
        "short" => [RawHttpServer.Answer("200 OK", Content[..5000])],
        "damaged gzip" => [RawHttpServer.Answer("200 OK", [.. Packed[..10], .. Enumerable.Repeat((byte)0xff, 5000)])],
        "too long" => [RawHttpServer.Answer("200 OK", [.. Content, 1])],
        "says too long" => [RawHttpServer.Answer("200 OK", Packed, length: 1L << 40)],
        "bomb" => [RawHttpServer.Answer("200 OK", Gzip(new byte[50_000_000]))],
        "endless" => Endless(),
        "other range" =>
            [RawHttpServer.Answer("206 Partial Content", Packed[50..], $"Content-Range: bytes 50-{Packed.Length - 1}/{Packed.Length}\r\n")],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, request),
    };

    private static IEnumerable<byte[]> Endless()
    {
        yield return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray();
        for (int i = 0; i < 1000; i++) yield return new byte[10_000];
    }

    private void AssertWhole()
    {
        Assert.Equal(Content, System.IO.File.ReadAllBytes(Path.Combine(_folder.Path, "data")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new System.Random(3).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
