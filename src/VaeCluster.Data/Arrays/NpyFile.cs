using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Arrays;

/// <summary>Opens .npy files without reading their elements.</summary>
internal static class NpyFile
{
    /// <summary>Opens a file of images.</summary>
    /// <exception cref="BadInputException">The file is missing, truncated or damaged, or does not contain images.</exception>
    internal static ArrayImages OpenImages(MemberSpec spec, string path, StorageOptions options)
    {
        (NpyHeader header, FileBytes bytes) = Open(path);
        CheckPixelType(path, header);
        ByteSource source = options.Keeps(spec, bytes.Length, path) ? bytes.ToMemory() : bytes;
        source = ColumnOrder.ToRows(header, source, path, () => FileDigest.Of(path), options.Cache);
        return Images(spec, path, header, source);
    }

    /// <summary>Wraps an open array of images.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="name">The file or array name for error messages.</param>
    /// <param name="header">The array's type and shape.</param>
    /// <param name="bytes">The array's elements, row-major, in the byte order of the header.</param>
    /// <exception cref="BadInputException">The array does not contain images, or a pixel is out of range.</exception>
    internal static ArrayImages Images(MemberSpec spec, string name, NpyHeader header, ByteSource bytes)
    {
        bytes = SwappedBytes.Of(header, bytes);
        ImageLayout layout = ImageLayout.Of(spec, header.Shape, name);
        var images = new ArrayImages(spec.Name, name, layout, header.Type, bytes, GreyScale.Of(spec, header.Type, bytes, name));
        images.Check();
        return images;
    }

    /// <summary>Refuses element types that cannot be pixels.</summary>
    internal static void CheckPixelType(string name, NpyHeader header)
    {
        if (header.Type is NpyType.Text or NpyType.ByteText)
            throw new BadInputException(name, "descr", "text", "pixels must be numbers; convert with array.astype('float32')");
    }

    /// <summary>Opens an .npy file and checks its length against its header.</summary>
    /// <exception cref="BadInputException">The file is missing, truncated or damaged, or of an unsupported type.</exception>
    internal static (NpyHeader Header, FileBytes Bytes) Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; expected an .npy file");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; expected an .npy file");
        RegularFile.Demand(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            NpyHeader header = Npy.ReadHeader(file, path);
            Int128 expected = (Int128)header.Count * header.ElementSize;
            long actual = file.Length - file.Position;
            if (actual != expected)
            {
                throw new BadInputException(
                    path, null, null, $"the header promises {string.Join(" × ", header.Shape)} elements of {header.ElementSize} bytes, "
                    + $"{expected} in total, but the file has {actual}");
            }

            return (header, new FileBytes(path, file.Position, actual));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }
}
