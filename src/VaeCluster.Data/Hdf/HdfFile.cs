using System.Globalization;
using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Hdf;

/// <summary>An open HDF5 file: the datasets of its root group.</summary>
internal sealed class HdfFile : IDisposable
{
    // Rows that are read at once: a dataset may be larger than memory.
    private const int BlockBytes = 1 << 25;

    // No deflate stream expands by more; see NpzArchive. What is not images are classes and factors.
    private const long LargestExpansion = 1032, Overhead = 1 << 20, MostLabelBytes = 1L << 28;

    private readonly NativeFile _file;

    private HdfFile(string path, NativeFile file)
    {
        Path = path;
        _file = file;
        Names = [.. file.Children().OfType<IH5Dataset>().Select(dataset => dataset.Name)];
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>The names of its datasets.</summary>
    internal IReadOnlyList<string> Names { get; }

    public void Dispose() => _file.Dispose();

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, or not HDF5.</exception>
    internal static HdfFile Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; expected an HDF5 file");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; expected an HDF5 file");
        RegularFile.Demand(path);
        return Use(path, () => new HdfFile(path, H5File.OpenRead(path)));
    }

    /// <summary>A dataset's place for messages.</summary>
    internal string PlaceOf(string name) => $"{Path}: {name}";

    /// <summary>Number of dimensions.</summary>
    internal int RankOf(string name) => Use(Path, () => _file.Dataset(name).Space.Dimensions.Length);

    /// <summary>Reads a whole dataset of numbers into memory.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadInputException">The dataset does not exist, or is not of numbers.</exception>
    internal NpyArray Read(string name) => Use(PlaceOf(name), () =>
    {
        IH5Dataset dataset = Find(name);
        NpyHeader header = HeaderOf(name, dataset);
        _ = LengthOf(name, header, MostLabelBytes);
        using var bytes = new MemoryStream();
        Write(header, dataset, bytes);
        return new NpyArray(header, bytes.ToArray());
    });

    /// <summary>Opens a dataset of images: in memory, or converted in the cache.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="name">Its name in the file.</param>
    /// <param name="options">Whether images are kept in memory, and the cache.</param>
    /// <exception cref="BadInputException">The dataset does not exist or is not of images, or the disk is full.</exception>
    internal ArrayImages OpenImages(MemberSpec spec, string name, StorageOptions options) => Use(PlaceOf(name), () =>
    {
        IH5Dataset dataset = Find(name);
        NpyHeader header = HeaderOf(name, dataset);
        long length = LengthOf(name, header, long.MaxValue);
        ByteSource bytes;
        if (options.Keeps(spec, length, PlaceOf(name)))
        {
            using var memory = new MemoryStream(checked((int)length));
            Write(header, dataset, memory);
            bytes = new MemoryBytes(memory.ToArray());
        }
        else
        {
            (string path, _) = options.Cache.GetOrMake($"hdf5 1\n{FileDigest.Of(Path)}\n{name}", PlaceOf(name), length, stream =>
            {
                Write(header, dataset, stream);
                return string.Empty;
            });
            bytes = new FileBytes(path, 0, length);
        }

        return NpyFile.Images(spec, PlaceOf(name), header, bytes);
    });

    private IH5Dataset Find(string name) => _file.LinkExists(name) && _file.Get(name) is IH5Dataset dataset ? dataset
        : throw new BadInputException(
            Path, null, null, $"has no dataset '{name}'; it has {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");

    // Checked before anything is read: parts that were never written, or are compressed, take no room in the file.
    private long LengthOf(string name, NpyHeader header, long most)
    {
        Int128 length = header.ElementSize;
        most = Math.Min(most, (new FileInfo(Path).Length * LargestExpansion) + Overhead);
        foreach (int size in header.Shape)
        {
            length *= size;
            if (length == 0 || length > most) break;
        }

        return length <= most ? (long)length : throw new BadInputException(
            PlaceOf(name), "shape", $"({string.Join(", ", header.Shape)})", $"needs {length} bytes; at most {most} are supported here");
    }

    private NpyHeader HeaderOf(string name, IH5Dataset dataset)
    {
        IH5DataType type = dataset.Type;
        NpyType? known = (type.Class, type.Size, type.Class == H5DataTypeClass.FixedPoint && type.FixedPoint.IsSigned) switch
        {
            (H5DataTypeClass.FixedPoint, 1, false) => NpyType.Byte,
            (H5DataTypeClass.FixedPoint, 1, true) => NpyType.SByte,
            (H5DataTypeClass.FixedPoint, 2, false) => NpyType.UInt16,
            (H5DataTypeClass.FixedPoint, 2, true) => NpyType.Int16,
            (H5DataTypeClass.FixedPoint, 4, false) => NpyType.UInt32,
            (H5DataTypeClass.FixedPoint, 4, true) => NpyType.Int32,
            (H5DataTypeClass.FixedPoint, 8, false) => NpyType.UInt64,
            (H5DataTypeClass.FixedPoint, 8, true) => NpyType.Int64,
            (H5DataTypeClass.FloatingPoint, 2, _) => NpyType.Half,
            (H5DataTypeClass.FloatingPoint, 4, _) => NpyType.Single,
            (H5DataTypeClass.FloatingPoint, 8, _) => NpyType.Double,
            _ => null,
        };
        ulong[] sizes = dataset.Space.Dimensions;
        if (sizes.Any(size => size > int.MaxValue) || sizes.Length == 0)
            throw new BadInputException(PlaceOf(name), "shape", $"({string.Join(", ", sizes)})", "not the dimensions of an array of images");
        return new NpyHeader(
            known ?? throw new BadInputException(
                PlaceOf(name), "type", $"{type.Class} of {type.Size} bytes", "whole numbers or floats of up to 64 bits"),
            [.. sizes.Select(size => (int)size)]);
    }

    private static void Write(NpyHeader header, IH5Dataset dataset, Stream stream)
    {
        int rows = header.Shape[0];
        long rowBytes = rows == 0 ? 1 : Math.Max(1, header.Count * header.ElementSize / rows);
        int atOnce = (int)Math.Clamp(BlockBytes / rowBytes, 1, Math.Max(1, rows));
        for (int first = 0; first < rows; first += atOnce)
        {
            int count = Math.Min(atOnce, rows - first);
            ulong[] starts = new ulong[header.Shape.Count];
            ulong[] blocks = [(ulong)count, .. header.Shape.Skip(1).Select(size => (ulong)size)];
            starts[0] = (ulong)first;
            var selection = new HyperslabSelection(starts.Length, starts, blocks);
            switch (header.Type)
            {
                case NpyType.Byte: stream.Write(dataset.Read<byte[]>(fileSelection: selection)); break;
                case NpyType.SByte: Write<sbyte>(selection); break;
                case NpyType.Int16: Write<short>(selection); break;
                case NpyType.UInt16: Write<ushort>(selection); break;
                case NpyType.Int32: Write<int>(selection); break;
                case NpyType.UInt32: Write<uint>(selection); break;
                case NpyType.Int64: Write<long>(selection); break;
                case NpyType.UInt64: Write<ulong>(selection); break;
                case NpyType.Half: Write<Half>(selection); break;
                case NpyType.Single: Write<float>(selection); break;
                default: Write<double>(selection); break;
            }
        }

        void Write<T>(HyperslabSelection selection)
            where T : unmanaged => stream.Write(MemoryMarshal.AsBytes<T>(dataset.Read<T[]>(fileSelection: selection)));
    }

    private static T Use<T>(string place, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception fault) when (fault is not BadInputException)
        {
            // The library throws whatever a damaged file makes it run into, also for a length that no memory has.
            throw new BadInputException(
                place, null, null, string.Create(
                    CultureInfo.InvariantCulture, $"not HDF5, damaged, or of a kind that is not supported ({fault.Message.ReplaceLineEndings(" ").TrimEnd('.')})"), fault);
        }
    }
}
