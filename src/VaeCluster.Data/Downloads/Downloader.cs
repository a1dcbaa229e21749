using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VaeCluster.Core;

namespace VaeCluster.Data.Downloads;

/// <summary>
/// Downloads files of public sets. Until a file is whole and is what it must be it has another name; what came before a connection
/// broke, or before the program was ended, is not asked for again; a source that fails or lies is left for the next.
/// </summary>
/// <param name="client">Asks the servers; it must not unpack answers, and must leave timeouts to this class.</param>
/// <param name="time">The clock for waiting.</param>
public sealed class Downloader(HttpClient client, TimeProvider time)
{
    private const string PartEnding = ".part";
    private const string UnpackedEnding = ".unpacking";
    private const int PieceBytes = 1 << 16;

    // Gzip adds this much at most to what it cannot pack.
    private const long PackingOverhead = 1 << 16;
    private const int AttemptsWithoutProgress = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>Brings a file into a folder.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The folder; it is created.</param>
    /// <param name="told">Told of bytes that have come so far.</param>
    /// <param name="cancellation">Stops it; what has come is kept for the next time.</param>
    /// <returns>False: it was there already.</returns>
    /// <exception cref="BadInputException">A file of that name is there and is another, or the folder cannot be written.</exception>
    /// <exception cref="DownloadFailedException">No source gave it.</exception>
    public async Task<bool> FetchAsync(DownloadFile file, string folder, Action<long>? told = null, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, file.Name);
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(path)) return IsAsPublished(file, path) ? false : throw new BadInputException(
                path, null, null, $"is there already, and is not what {file.Hash.Name} {file.Hash.Hex} stands for; move it away");

            var failures = new List<string>();
            foreach (Uri source in file.Sources)
            {
                try
                {
                    await FetchFromAsync(source, file, path, told, cancellation);
                    return true;
                }
                catch (SourceFailedException failure)
                {
                    failures.Add($"{source}: {failure.Message}");
                }
            }

            if (Length(path + PartEnding) == 0) File.Delete(path + PartEnding);
            throw new DownloadFailedException($"{file.Name} could not be downloaded; {string.Join("; ", failures)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be written ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    private async Task FetchFromAsync(Uri source, DownloadFile file, string path, Action<long>? told, CancellationToken cancellation)
    {
        string part = path + PartEnding;
        bool resumed = File.Exists(part) && new FileInfo(part).Length > 0;
        while (true)
        {
            await ReceiveAsync(source, file, part, told, cancellation);
            string? fault = Unpack(file, part, path + UnpackedEnding);
            if (fault is null)
            {
                File.Move(path + UnpackedEnding, path);
                File.Delete(part);
                return;
            }

            // Whatever it is, it is of no use; but its beginning may have been another server's, or another day's.
            File.Delete(path + UnpackedEnding);
            File.Delete(part);
            if (!resumed) throw new SourceFailedException(fault);
            resumed = false;
        }
    }

    // Until the server says that this is all.
    private async Task ReceiveAsync(Uri source, DownloadFile file, string part, Action<long>? told, CancellationToken cancellation)
    {
        int attempts = 0;
        while (true)
        {
            long before = File.Exists(part) ? new FileInfo(part).Length : 0;
            string fault;
            try
            {
                await ReceiveOnceAsync(source, file, part, told, cancellation);
                return;
            }
            catch (HttpRequestException broken)
            {
                fault = Reason(broken);
            }
            catch (HttpIOException broken)
            {
                fault = $"the connection broke off after {Length(part)} bytes ({broken.HttpRequestError})";
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                fault = $"nothing came for {LongestSilence.TotalSeconds:0} seconds after {Length(part)} bytes";
            }

            attempts = Length(part) > before ? 1 : attempts + 1;
            if (attempts >= AttemptsWithoutProgress) throw new SourceFailedException(fault);
            await Task.Delay(FirstWait * (1 << (attempts - 1)), time, cancellation);
        }
    }

    private async Task ReceiveOnceAsync(Uri source, DownloadFile file, string part, Action<long>? told, CancellationToken cancellation)
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
                throw new SourceFailedException("it sent another part than was asked for");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                return; // there is no more than what has come: whether it is right is seen next
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
            told?.Invoke(target.Position);
        }
    }

    // What is wrong with the bytes that came; null: they are right, and lie unpacked.
    private static string? Unpack(DownloadFile file, string part, string unpacked)
    {
        using var servedHash = IncrementalHash.CreateHash(file.Hash.Algorithm);
        using var unpackedHash = IncrementalHash.CreateHash(file.Hash.Algorithm);
        using (FileStream served = File.OpenRead(part))
        {
            byte[] piece = new byte[PieceBytes];
            while (served.Read(piece) is > 0 and int read) servedHash.AppendData(piece, 0, read);
            served.Position = 0;
            // A server may have unpacked it already.
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
                return $"what it sent cannot be unpacked ({fault.Message.TrimEnd('.')})";
            }
        }

        string found = Convert.ToHexStringLower((file.Hash.OfServed ? servedHash : unpackedHash).GetHashAndReset());
        return found == file.Hash.Hex ? null : $"what it sent has {file.Hash.Name} {found}, not {file.Hash.Hex}";
    }

    // Of a file whose packed form alone is known nothing can be said but that it is not too large.
    private static bool IsAsPublished(DownloadFile file, string path)
    {
        if (file.Hash.OfServed) return new FileInfo(path).Length == file.MostBytes;
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(CryptographicOperations.HashData(file.Hash.Algorithm, stream)) == file.Hash.Hex;
    }

    private static SourceFailedException TooMuch(DownloadFile file) =>
        new(string.Create(CultureInfo.InvariantCulture, $"it sends more than the {file.MostBytes} bytes that the file can have"));

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Reason(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.ResponseEnded => "it closed the connection without an answer",
        HttpRequestError.NameResolutionError => "its name is not known (is there a network?)",
        _ => fault.Message.TrimEnd('.'),
    };
}
