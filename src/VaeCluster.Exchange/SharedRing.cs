using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text;

namespace VaeCluster.Exchange;

/// <summary>
/// Memory that a sender shares with a listener of the same machine: payloads go through it in order, round and round, while their headers
/// go through the socket, which tells of each payload and of the end. Of the two sides one thread each is in it at a time. What is here is
/// read from where it was written: no checksum guards it.
/// </summary>
/// <remarks>
/// A file in the kernel's folder of shared memory, of this user and without a name once the listener has opened it, so that nothing is
/// left of it however the processes end. Its first page holds its token and how many bytes were taken so far.
/// </remarks>
internal sealed class SharedRing : IDisposable
{
    /// <summary>Letters of a token.</summary>
    internal const int TokenLength = 32;

    private const string Folder = "/dev/shm";
    private const int DataAt = 4096, TakenAt = 64, Alignment = 64, LargestCapacity = 1 << 30;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _head;
    private readonly MemoryMappedViewStream _data;
    private readonly int _capacity;
    private long _passed;

    private SharedRing(FileStream file, string token, int capacity)
    {
        Token = token;
        _capacity = capacity;
        _file = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _head = _file.CreateViewAccessor(0, DataAt);
        _data = _file.CreateViewStream(DataAt, capacity);
    }

    /// <summary>By which the listener finds it.</summary>
    internal string Token { get; }

    /// <summary>As the sender: makes it.</summary>
    /// <param name="capacity">Bytes; rounded up to whole pages.</param>
    /// <returns>Null: there is none here, because there is no such folder or no room in it.</returns>
    internal static SharedRing? TryCreate(int capacity)
    {
        if (!OperatingSystem.IsLinux() || capacity <= 0) return null;
        capacity = checked(capacity + DataAt - 1) / DataAt * DataAt;
        string token = RandomNumberGenerator.GetHexString(TokenLength, lowercase: true), path = PathOf(token);
        try
        {
            // Room is set aside: memory that is found to be missing when it is written to would end the process.
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                PreallocationSize = DataAt + capacity,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            try
            {
                file.SetLength(DataAt + capacity);
                file.Write(Encoding.ASCII.GetBytes(token));
                return new SharedRing(file, token, capacity);
            }
            catch
            {
                file.Dispose();
                File.Delete(path);
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As the listener: opens what a sender has made.</summary>
    /// <param name="token">See <see cref="Token"/>.</param>
    /// <returns>Null: it is not to be found here, as where the sender is in another container.</returns>
    internal static SharedRing? TryOpen(string token)
    {
        if (!OperatingSystem.IsLinux() || token.Length != TokenLength || !token.All(char.IsAsciiHexDigitLower)) return null;
        try
        {
            var file = new FileStream(
                PathOf(token), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            try
            {
                Span<byte> own = stackalloc byte[TokenLength];
                file.ReadExactly(own);
                long capacity = file.Length - DataAt;
                if (capacity is > 0 and <= LargestCapacity && own.SequenceEqual(Encoding.ASCII.GetBytes(token)))
                    return new SharedRing(file, token, (int)capacity);
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As the sender: takes its name away, when the listener has answered.</summary>
    internal void Unlink() => File.Delete(PathOf(Token));

    /// <summary>As the sender: whether so many bytes fit in now.</summary>
    internal bool HasRoom(long bytes)
    {
        long taken = _head.ReadInt64(TakenAt);

        // What was taken was read before it was said to be; nothing is written over it earlier.
        Interlocked.MemoryBarrier();
        return Aligned(bytes) <= _capacity - (_passed - taken);
    }

    /// <summary>As the sender: writes a payload; its header must follow through the socket.</summary>
    /// <returns>False: there is no room now, and nothing was written.</returns>
    internal bool TryWrite(ReadOnlySpan<byte> payload)
    {
        if (!HasRoom(payload.Length)) return false;
        int first = Seek(payload.Length);
        _data.Write(payload[..first]);
        if (first < payload.Length)
        {
            _data.Position = 0;
            _data.Write(payload[first..]);
        }

        _passed += Aligned(payload.Length);
        Interlocked.MemoryBarrier();
        return true;
    }

    /// <summary>As the listener: reads the payload of a header that has come.</summary>
    /// <param name="into">As many bytes as the payload has.</param>
    internal void Read(Span<byte> into)
    {
        Interlocked.MemoryBarrier();
        int first = Seek(into.Length);
        _data.ReadExactly(into[..first]);
        if (first < into.Length)
        {
            _data.Position = 0;
            _data.ReadExactly(into[first..]);
        }

        Skip(into.Length);
    }

    /// <summary>As the listener: passes over the payload of a header that has come.</summary>
    /// <param name="bytes">As many as the payload has.</param>
    internal void Skip(int bytes)
    {
        _passed += Aligned(bytes);
        Interlocked.MemoryBarrier();
        _head.Write(TakenAt, _passed);
    }

    /// <summary>The file of a token, as long as it has a name.</summary>
    /// <param name="token">See <see cref="Token"/>.</param>
    internal static string PathOf(string token) => $"{Folder}/vaecluster-{token}";

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Dispose();
        _head.Dispose();
        _file.Dispose();
    }

    private static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    // Bytes up to the end of the ring; the rest begins at its beginning. A header that lies about its payload is read as what it says.
    private int Seek(int bytes)
    {
        if (bytes > _capacity) throw new ExchangeException($"a payload of {bytes} bytes in shared memory of {_capacity}");
        int at = (int)(_passed % _capacity);
        _data.Position = at;
        return Math.Min(bytes, _capacity - at);
    }
}
