using Microsoft.Win32.SafeHandles;
using VaeCluster.Core;

namespace VaeCluster.Data.Arrays;

/// <summary>
/// The bytes of an array in a file, read on demand and cached only by the operating system, so the data may be larger than memory. The
/// file stays open for the lifetime of this object.
/// </summary>
internal sealed class FileBytes : ByteSource
{
    private readonly string _path;
    private readonly long _start;
    private readonly SafeFileHandle _file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Offset of the array in the file.</param>
    /// <param name="length">Length of the array in bytes.</param>
    internal FileBytes(string path, long start, long length)
    {
        _path = path;
        _start = start;
        Length = length;
        try
        {
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault);
        }
    }

    internal override long Length { get; }

    internal override string? Stamp => FormattableString.Invariant(
        $"{RandomAccess.GetLength(_file)} bytes, written {File.GetLastWriteTimeUtc(_file):O}");

    internal override void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file, destination, _start + offset);
                if (read == 0)
                    throw new BadInputException(_path, null, null, $"was truncated while in use: it ends before byte {_start + offset}");
                offset += read;
                destination = destination[read..];
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault);
        }
    }

    /// <summary>Reads all bytes into memory.</summary>
    internal MemoryBytes ToMemory()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        Read(0, bytes);
        return new MemoryBytes(bytes);
    }

    private BadInputException Unreadable(Exception fault) =>
        new(_path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
}
