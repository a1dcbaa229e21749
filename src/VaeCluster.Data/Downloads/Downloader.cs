using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VaeCluster.Core;

namespace VaeCluster.Data.Downloads;

/// <summary>
/// Downloads files of public datasets. A file gets its final name only when it is complete and its hash is right. An interrupted
/// download is resumed where it stopped. If a source fails or sends wrong content, the next source is tried.
/// </summary>
/// <param name="client">The HTTP client; it must not decompress responses and must have no timeout of its own.</param>
/// <param name="time">The clock for timeouts and retries.</param>
public sealed class Downloader(HttpClient client, TimeProvider time)
{
    private const string PartEnding = ".part";
    private const string UnpackedEnding = ".unpacking";
    private const int PieceBytes = 1 << 16;

    // The most that gzip can add to incompressible data.
    private const long PackingOverhead = 1 << 16;
    private const int AttemptsWithoutProgress = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>Downloads a file into a folder.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The folder; created if needed.</param>
    /// <param name="progress">Called with the number of bytes received so far.</param>
    /// <param name="cancellation">Stops the download; the bytes received so far are kept for a later call.</param>
    /// <returns>True if it was downloaded, false if it already existed.</returns>
    /// <exception cref="BadInputException">Another file of that name exists, or the folder cannot be written.</exception>
    /// <exception cref="DownloadFailedException">All sources failed.</exception>
    public async Task<bool> FetchAsync(
        DownloadFile file, string folder, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, file.Name);
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(path)) return IsAsPublished(file, path) ? false : throw new BadInputException(
                path, null, null, $"already exists, but its {file.Hash.Name} is not {file.Hash.Hex}; move it away");

            var failures = new List<string>();
            foreach (Uri source in file.Sources)
            {
                try
                {
                    await FetchFromAsync(source, file, path, progress, cancellation);
                    return true;
                }
                catch (SourceFailedException failure)
                {
                    failures.Add($"{source}: {failure.Message}");
                }
            }

            if (Length(path + PartEnding) == 0) File.Delete(path + PartEnding);
            throw new DownloadFailedException($"{file.Name} could not be downloaded: {string.Join("; ", failures)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be written ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    private async Task FetchFromAsync(Uri source, DownloadFile file, string path, Action<long>? progress, CancellationToken cancellation)
    {
        string part = path + PartEnding;
        bool resumed = File.Exists(part) && new FileInfo(part).Length > 0;
        while (true)
        {
            await ReceiveAsync(source, file, part, progress, cancellation);
            string? fault = Unpack(file, part, path + UnpackedEnding);
            if (fault is null)
            {
                File.Move(path + UnpackedEnding, path);
                File.Delete(part);
                return;
            }

            // The content is wrong, but a resumed download may start with bytes of another server or version: retry it once from scratch.
            File.Delete(path + UnpackedEnding);
            File.Delete(part);
            if (!resumed) throw new SourceFailedException(fault);
            resumed = false;
        }
    }

    // Receives until the server has sent everything, with retries.
    private async Task ReceiveAsync(Uri source, DownloadFile file, string part, Action<long>? progress, CancellationToken cancellation)
    {
        int attempts = 0;
        while (true)
        {
            long before = File.Exists(part) ? new FileInfo(part).Length : 0;
            string fault;
            try
            {
                await ReceiveOnceAsync(source, file, part, progress, cancellation);
                return;
            }
            catch (HttpRequestException broken)
            {
                fault = Reason(broken);
            }
            catch (HttpIOException broken)
            {
                fault = $"connection lost after {Length(part)} bytes ({broken.HttpRequestError})";
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                fault = $"no data for {LongestSilence.TotalSeconds:0} seconds after {Length(part)} bytes";
            }

            attempts = Length(part) > before ? 1 : attempts + 1;
            if (attempts >= AttemptsWithoutProgress) throw new SourceFailedException(fault);
            await Task.Delay(FirstWait * (1 << (attempts - 1)), time, cancellation);
        }
    }

    private async Task ReceiveOnceAsync(Uri source, DownloadFile file, string part, Action<long>? progress, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (target.Length > 0) request.Headers.Range = new RangeHeaderValue(target.Length, null);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == target.Length:
                target.Position = target.Length;
                break;
            case HttpStatusCode.PartialContent:
                target.SetLength(0);
                throw new SourceFailedException("sent a different range than requested");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                return; // everything has been received already; the hash is checked next
            case HttpStatusCode.OK:
                target.SetLength(0);
                break;
            case >= HttpStatusCode.InternalServerError:
                throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}");
            default:
                throw new SourceFailedException($"{(int)response.StatusCode} {response.ReasonPhrase}");
        }

        long most = file.MostBytes + PackingOverhead;
        if (target.Position + (response.Content.Headers.ContentLength ?? 0) > most) throw TooMuch(file);
        await using Stream content = await response.Content.ReadAsStreamAsync(either.Token);
        byte[] piece = new byte[PieceBytes];
        while (await content.ReadAsync(piece, either.Token) is > 0 and int read)
        {
            silence.CancelAfter(LongestSilence);
            if (target.Position + read > most)
            {
                target.SetLength(0);
                throw TooMuch(file);
            }

            await target.WriteAsync(piece.AsMemory(0, read), cancellation);
            progress?.Invoke(target.Position);
        }
    }

    // Unpacks and checks the download. Returns an error message, or null on success.
    private static string? Unpack(DownloadFile file, string part, string unpacked)
    {
        using var servedHash = IncrementalHash.CreateHash(file.Hash.Algorithm);
        using var unpackedHash = IncrementalHash.CreateHash(file.Hash.Algorithm);
        using (FileStream served = File.OpenRead(part))
        {
            byte[] piece = new byte[PieceBytes];
            while (served.Read(piece) is > 0 and int read) servedHash.AppendData(piece, 0, read);
            served.Position = 0;
            // Some servers decompress the file themselves.
            bool packed = served.ReadByte() == 0x1f && served.ReadByte() == 0x8b;
            served.Position = 0;
            try
            {
                using Stream content = packed ? new GZipStream(served, CompressionMode.Decompress, leaveOpen: true) : served;
                using FileStream target = File.Create(unpacked);
                while (content.Read(piece) is > 0 and int read)
                {
                    if (target.Position + read > file.MostBytes) return TooMuch(file).Message;
                    unpackedHash.AppendData(piece, 0, read);
                    target.Write(piece, 0, read);
                }

                target.Flush(flushToDisk: true);
            }
            catch (InvalidDataException fault)
            {
                return $"the content cannot be unpacked ({fault.Message.TrimEnd('.')})";
            }
        }

        string found = Convert.ToHexStringLower((file.Hash.OfServed ? servedHash : unpackedHash).GetHashAndReset());
        return found == file.Hash.Hex ? null : $"the content has {file.Hash.Name} {found}, expected {file.Hash.Hex}";
    }

    // If only the hash of the compressed file is known, the unpacked file can only be checked by its length.
    private static bool IsAsPublished(DownloadFile file, string path)
    {
        if (file.Hash.OfServed) return new FileInfo(path).Length == file.MostBytes;
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(CryptographicOperations.HashData(file.Hash.Algorithm, stream)) == file.Hash.Hex;
    }

    private static SourceFailedException TooMuch(DownloadFile file) =>
        new(string.Create(CultureInfo.InvariantCulture, $"sends more than the file's maximum of {file.MostBytes} bytes"));

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Reason(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.ResponseEnded => "closed the connection without a response",
        HttpRequestError.NameResolutionError => "unknown host (is there a network connection?)",
        _ => fault.Message.TrimEnd('.'),
    };
}

/// <summary>One source failed, and retrying it will not help.</summary>
/// <param name="message">What went wrong.</param>
internal sealed class SourceFailedException(string message) : Exception(message);
