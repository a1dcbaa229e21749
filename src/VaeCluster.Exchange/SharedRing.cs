using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Exchange;

/// <summary>
/// Memory that a listener shares with a sender of the same machine: payloads go through it in order, round and round, while their headers
/// go through the socket, which tells of each payload and of the end. Of the two sides one thread each is in it at a time.
/// </summary>
/// <remarks>
/// The listener makes it as <see cref="SealedMemory"/>, after both sides have proved that they hold the cluster's secret, and tells where
/// it is. The first page holds its token and how many bytes were taken so far.
/// </remarks>
internal sealed class SharedRing : IDisposable
{
    /// <summary>Most letters of an <see cref="Address"/>.</summary>
    internal const int LongestAddress = 64;

    private const int TokenLength = 32;
    private const int DataAt = 4096, TakenAt = 64, Alignment = 64, LargestCapacity = 1 << 30;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _head;
    private readonly MemoryMappedViewStream _data;
    private readonly int _capacity;
    private long _passed;

    private SharedRing(FileStream file, string address, int capacity)
    {
        Address = address;
        _capacity = capacity;
        _file = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _head = _file.CreateViewAccessor(0, DataAt);
        _data = _file.CreateViewStream(DataAt, capacity);
    }

    /// <summary>By which the sender finds it: process, descriptor and token.</summary>
    internal string Address { get; }

    /// <summary>As the listener: makes it.</summary>
    /// <param name="capacity">Bytes; rounded up to whole pages.</param>
    /// <returns>Null: there is none here, because the system has no such memory or no room for it.</returns>
    internal static SharedRing? TryCreate(int capacity)
    {
        if (!OperatingSystem.IsLinux() || capacity <= 0) return null;
        capacity = checked(capacity + DataAt - 1) / DataAt * DataAt;
        string token = RandomNumberGenerator.GetHexString(TokenLength, lowercase: true);
        try
        {
            SafeFileHandle memory = SealedMemory.Create(NameOf(token), DataAt + capacity);
            string address = FormattableString.Invariant($"{Environment.ProcessId} {memory.DangerousGetHandle()} {token}");
            var file = new FileStream(memory, FileAccess.ReadWrite, bufferSize: 0);
            try
            {
                file.Write(Encoding.ASCII.GetBytes(token));
                return new SharedRing(file, address, capacity);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As the sender: opens what a listener has made.</summary>
    /// <param name="address">See <see cref="Address"/>.</param>
    /// <returns>Null: it is not to be found here, as where the listener is in another container.</returns>
    internal static SharedRing? TryOpen(string address)
    {
        if (!OperatingSystem.IsLinux() || address.Split(' ') is not [var process, var descriptor, var token]) return null;
        if (!IsNumber(process, out int id) || !IsNumber(descriptor, out int number)) return null;
        if (token.Length != TokenLength || !token.All(char.IsAsciiHexDigitLower)) return null;
        string path = SealedMemory.PathOf(id, number);
        try
        {
            // Nothing else is opened: what the path leads to must be memory of this name, so no pipe can hold the caller and no file
            // can be cut off under it.
            if (new FileInfo(path).LinkTarget != SealedMemory.TargetOf(NameOf(token))) return null;
            var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            try
            {
                Span<byte> own = stackalloc byte[TokenLength];
                file.ReadExactly(own);
                long capacity = file.Length - DataAt;
                if (capacity is > 0 and <= LargestCapacity && own.SequenceEqual(Encoding.ASCII.GetBytes(token)))
                    return new SharedRing(file, address, (int)capacity);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Dispose();
        _head.Dispose();
        _file.Dispose();
    }

    private static string NameOf(string token) => $"vaecluster-{token}";

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

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
