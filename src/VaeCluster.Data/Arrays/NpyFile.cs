using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>Opens an npy file without reading its elements.</summary>
internal static class NpyFile
{
    /// <summary>Opens a file of images.</summary>
    /// <param name="spec">The choice.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Where images are kept.</param>
    /// <exception cref="BadInputException">The file is missing, cut off or damaged, or holds something else than images.</exception>
    internal static ArrayImages OpenImages(MemberSpec spec, string path, StorageOptions options)
    {
        (NpyHeader header, FileBytes bytes) = Open(path);
        return Images(spec, path, header, options.Keeps(spec, bytes.Length, path) ? bytes.ToMemory() : bytes);
    }

    /// <summary>Images in an array that is open.</summary>
    /// <param name="spec">The choice.</param>
    /// <param name="name">The file or the array to name in errors.</param>
    /// <param name="header">The array's type and shape.</param>
    /// <param name="bytes">The array's elements.</param>
    /// <exception cref="BadInputException">It holds something else than images, or a pixel is out of range.</exception>
    internal static ArrayImages Images(MemberSpec spec, string name, NpyHeader header, ByteSource bytes)
    {
        DemandPixels(name, header);
        ImageLayout layout = ImageLayout.Of(spec, header.Shape, name);
        var images = new ArrayImages(spec.Name, name, layout, header.Type, bytes, GreyScale.Of(spec, header.Type, bytes, name));
        images.Check();
        return images;
    }

    /// <summary>Refuses types that are no pixels.</summary>
    /// <param name="name">The file or the array to name in errors.</param>
    /// <param name="header">The array's type and shape.</param>
    internal static void DemandPixels(string name, NpyHeader header)
    {
        if (header.Type is NpyType.Int32 or NpyType.Int64)
        {
            throw new BadInputException(
                name, "descr", header.Type == NpyType.Int32 ? "<i4" : "<i8", "pixels are |u1, |b1, <f4 or <f8; convert with array.astype('uint8')");
        }
    }

    /// <summary>Opens a file of any array.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, cut off or damaged, or of a type that is not read.</exception>
    internal static (NpyHeader Header, FileBytes Bytes) Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; an npy file is needed");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; an npy file is needed");
        try
        {
            using FileStream file = File.OpenRead(path);
            NpyHeader header = Npy.ReadHeader(file, path);
            Int128 promised = (Int128)header.Count * header.ElementSize;
            long there = file.Length - file.Position;
            if (there != promised)
            {
                throw new BadInputException(
                    path, null, null, $"the header promises {string.Join(" × ", header.Shape)} elements of {header.ElementSize} bytes, {promised} in all; "
                    + (there < promised ? $"the file ends after {there}" : $"the file goes on after them, to {there}"));
            }

            return (header, new FileBytes(path, file.Position, there));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }
}
