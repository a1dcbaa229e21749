using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Arrays;

/// <summary>Whether images are kept in memory or read from files, and where converted files are cached.</summary>
internal sealed record StorageOptions
{
    /// <summary>The run file's field that overrides <see cref="MemoryLimit"/>.</summary>
    internal const string InMemory = "inMemory";

    /// <summary>Arrays of at most this many bytes are read into memory.</summary>
    internal long MemoryLimit { get; init; } = 256L << 20;

    /// <summary>The cache of unpacked arrays and resized images.</summary>
    internal CacheFolder Cache { get; init; } = CacheFolder.OfUser();

    /// <summary>The field in the run file.</summary>
    internal static FieldRule Field { get; } = new(
        InMemory, FieldKind.Flag,
        "true: read all images into memory; false: read each image from the file when it is needed; default: true up to 256 MB");

    /// <summary>Whether an array is read into memory.</summary>
    /// <param name="spec">The dataset's fields, with or without <see cref="Field"/>.</param>
    /// <param name="length">Length of the array in bytes.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">The field is true but the array is too large.</exception>
    internal bool Keeps(MemberSpec spec, long length, string file)
    {
        if (!spec.Has(InMemory)) return length <= MemoryLimit;
        if (!spec.Flag(InMemory)) return false;
        if (length > Array.MaxLength)
            throw new BadInputException(file, InMemory, "true", $"the images have {length} bytes; at most {Array.MaxLength} fit in memory");
        return true;
    }
}
