using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Arrays;

/// <summary>Turns arrays in Fortran order, in which the images are interleaved, into arrays of one image after another.</summary>
internal static class ColumnOrder
{
    // Images that are gathered at once: each pass over the file reads pieces of this many elements.
    private const int BufferBytes = 1 << 26;

    /// <summary>The bytes of an array in row-major order: in memory, or as a file of the cache.</summary>
    /// <param name="header">The array's type, shape and order.</param>
    /// <param name="bytes">Its elements.</param>
    /// <param name="name">The file or array, for messages.</param>
    /// <param name="digest">Identifies the contents, for the cache.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="BadInputException">The cache cannot be written.</exception>
    internal static ByteSource ToRows(NpyHeader header, ByteSource bytes, string name, Func<string> digest, CacheFolder cache)
    {
        if (!header.IsFortranOrder || header.Shape.Count < 2 || bytes.Length == 0) return bytes;
        if (bytes.Memory is { } memory)
        {
            using var rows = new MemoryStream(new byte[memory.Length]);
            Write(header, bytes, rows);
            return new MemoryBytes(rows.ToArray());
        }

        (string path, _) = cache.GetOrMake($"rows 1\n{digest()}", name, bytes.Length, stream =>
        {
            Write(header, bytes, stream);
            return string.Empty;
        });
        return new FileBytes(path, 0, bytes.Length);
    }

    // Element (n, i, j, …) of shape (N, I, J, …) is at n + N·(i + I·(j + …)): for each place in an image, all images are adjacent.
    private static void Write(NpyHeader header, ByteSource bytes, Stream rows)
    {
        int size = header.ElementSize, count = header.Shape[0];
        int[] inner = [.. header.Shape.Skip(1)];
        int places = inner.Aggregate(1, (product, dimension) => checked(product * dimension));
        int atOnce = (int)Math.Clamp(BufferBytes / ((long)places * size), 1, count);
        byte[] block = new byte[checked(atOnce * places * size)], column = new byte[atOnce * size];
        int[] rowOf = RowsOf(inner, places);
        for (int first = 0; first < count; first += atOnce)
        {
            int here = Math.Min(atOnce, count - first);
            for (int place = 0; place < places; place++)
            {
                Span<byte> elements = column.AsSpan(0, here * size);
                bytes.Read((((long)place * count) + first) * size, elements);
                for (int n = 0; n < here; n++)
                    elements.Slice(n * size, size).CopyTo(block.AsSpan(((n * places) + rowOf[place]) * size));
            }

            rows.Write(block, 0, here * places * size);
        }
    }

    // From the place in column order to the place in row order.
    private static int[] RowsOf(int[] shape, int places)
    {
        int[] rows = new int[places];
        for (int place = 0; place < places; place++)
        {
            int rest = place, row = 0, stride = places;
            foreach (int dimension in shape)
            {
                stride /= dimension;
                (rest, int index) = Math.DivRem(rest, dimension);
                row += index * stride;
            }

            rows[place] = row;
        }

        return rows;
    }
}
