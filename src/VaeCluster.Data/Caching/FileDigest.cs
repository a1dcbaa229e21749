using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using VaeCluster.Core;

namespace VaeCluster.Data.Caching;

/// <summary>
/// Identifies files by what is in them, as a key of the cache. Name, length and time are not enough: files out of a zip archive may all
/// have the time 1980-01-01, and a table of digests by path and time would be wrong for the same reason.
/// </summary>
/// <remarks>
/// Up to a megabyte all bytes are hashed, which is every photo of a usual set: 200,000 files of 10 KB are 2 GB, read once at each start by
/// all processors. Of a larger file, length, time and 32 blocks spread over it are hashed, the first and the last among them: reading
/// gigabytes at each start would take longer than what the cache saves. PNG and zip have checksums of everything at their end.
/// </remarks>
internal static class FileDigest
{
    private const long WholeUpTo = 1L << 20;
    private const int BlockBytes = 1 << 15;
    private const int Blocks = 32;

    /// <summary>A text that differs for files with different contents.</summary>
    /// <param name="path">The file; symbolic links are followed.</param>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    internal static string Of(string path)
    {
        RegularFile.Demand(path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            if (new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true })
                throw new BadInputException(path, null, null, "is a broken symbolic link");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = file.Length;
            string time = string.Empty;
            if (length <= WholeUpTo)
            {
                while (file.Read(buffer, 0, BlockBytes) is > 0 and int read) hash.AppendData(buffer, 0, read);
            }
            else
            {
                time = File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks.ToString(CultureInfo.InvariantCulture);
                for (int block = 0; block < Blocks; block++)
                {
                    file.Position = (length - BlockBytes) / (Blocks - 1) * block;
                    if (block == Blocks - 1) file.Position = length - BlockBytes;
                    file.ReadExactly(buffer, 0, BlockBytes);
                    hash.AppendData(buffer, 0, BlockBytes);
                }
            }

            return string.Create(
                CultureInfo.InvariantCulture, $"{length} {time} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
