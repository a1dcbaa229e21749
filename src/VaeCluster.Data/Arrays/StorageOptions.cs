using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Arrays;

/// <summary>Where images are kept while they are in use.</summary>
internal sealed record StorageOptions
{
    /// <summary>The run file's field that overrides <see cref="MemoryLimit"/>.</summary>
    internal const string InMemory = "inMemory";

    /// <summary>Arrays of at most this many bytes are read into memory as a whole.</summary>
    internal long MemoryLimit { get; init; } = 256L << 20;

    /// <summary>Where what has been unpacked or resized is kept for the next time.</summary>
    internal CacheFolder Cache { get; init; } = CacheFolder.OfUser();

    /// <summary>The rule of the field.</summary>
    internal static FieldRule Field { get; } = new(
        InMemory, FieldKind.Flag, "read all images into memory, or each from the file when it is needed; left out: into memory up to 256 MB");

    /// <summary>Whether an array goes into memory.</summary>
    /// <param name="spec">The choice, with or without the field.</param>
    /// <param name="length">Bytes of the array.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <exception cref="BadInputException">It is asked for, and too large.</exception>
    internal bool Keeps(MemberSpec spec, long length, string file)
    {
        if (!spec.Has(InMemory)) return length <= MemoryLimit;
        if (!spec.Flag(InMemory)) return false;
        if (length > Array.MaxLength) throw new BadInputException(file, InMemory, "true", $"up to {Array.MaxLength} bytes fit; these are {length}");
        return true;
    }
}
