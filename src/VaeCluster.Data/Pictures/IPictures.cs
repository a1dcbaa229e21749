namespace VaeCluster.Data.Pictures;

/// <summary>Image files in a fixed order: those of a folder, or in a table.</summary>
internal interface IPictures
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>The folder or file, for messages.</summary>
    string Place { get; }

    /// <summary>A text that differs for other contents, as a key of the cache.</summary>
    /// <exception cref="Core.BadInputException">A file cannot be read.</exception>
    string Digest();

    /// <summary>The images, in batches of at most <paramref name="most"/>.</summary>
    /// <param name="most">Images at once.</param>
    /// <exception cref="Core.BadInputException">A file cannot be read.</exception>
    IEnumerable<IReadOnlyList<PictureFile>> Batches(int most);
}

/// <summary>One image file, on disk or in memory.</summary>
/// <param name="Name">Its path, or a name for messages.</param>
/// <param name="Bytes">All of it; null if it is on disk.</param>
internal readonly record struct PictureFile(string Name, byte[]? Bytes)
{
    /// <inheritdoc cref="PictureReader.ReadSize(string)"/>
    internal PictureSize ReadSize() => Bytes is null ? PictureReader.ReadSize(Name) : PictureReader.ReadSize(Name, Bytes);

    /// <inheritdoc cref="PictureReader.Read(string)"/>
    internal Picture Read() => Bytes is null ? PictureReader.Read(Name) : PictureReader.Read(Name, Bytes);
}
