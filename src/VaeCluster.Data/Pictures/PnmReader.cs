using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// Reads PGM and PPM, as text (P2, P3) and as bytes (P5, P6), with up to 16 bits a sample. Source: the manual pages of Netpbm.
/// </summary>
internal static class PnmReader
{
    private const int LargestSample = 65535;

    /// <summary>Reads the size.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">Its first bytes.</param>
    /// <exception cref="BadInputException">It is neither PGM nor PPM.</exception>
    internal static PictureSize ReadSize(string path, ReadOnlySpan<byte> head)
    {
        int place = 0;
        return ReadHeader(path, head, ref place).Size;
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadInputException">It is neither PGM nor PPM, or damaged.</exception>
    internal static Picture Read(string path, ReadOnlySpan<byte> file)
    {
        int place = 0;
        (PictureSize size, int largest, bool text) = ReadHeader(path, file, ref place);
        long samples = (long)size.Width * size.Height * size.Channels;
        int sampleBytes = largest > byte.MaxValue ? 2 : 1;
        // As text every sample has at least a digit and what parts it from the next.
        long needed = text ? (2 * samples) - 1 : samples * sampleBytes;
        if (file.Length - place < needed) throw Bad(path, $"says that it is {size.Height}×{size.Width}, but ends {needed - (file.Length - place)} bytes early");
        byte[] bytes = new byte[samples];
        for (int i = 0; i < bytes.Length; i++)
        {
            int sample;
            if (text) sample = Number(path, file, ref place, "a sample");
            else if (sampleBytes == 1) sample = file[place++];
            else
            {
                sample = (file[place] << 8) | file[place + 1];
                place += 2;
            }

            if (sample > largest) throw Bad(path, $"is damaged: a sample is {sample}, its header says at most {largest}");
            bytes[i] = (byte)(((sample * byte.MaxValue) + (largest / 2)) / largest);
        }

        if (file[place..].ContainsAnyExcept(" \t\r\n"u8)) throw Bad(path, $"says that it is {size.Height}×{size.Width}, but goes on after that");
        return new Picture(size, bytes);
    }

    private static (PictureSize Size, int Largest, bool Text) ReadHeader(string path, ReadOnlySpan<byte> file, ref int place)
    {
        if (file.Length < 3 || file[0] != 'P' || file[1] is not ((byte)'2' or (byte)'3' or (byte)'5' or (byte)'6') || !IsSpace(file[2]))
            throw Bad(path, "is no PNG, PGM or PPM file, by how it begins");
        bool colour = file[1] is (byte)'3' or (byte)'6', text = file[1] is (byte)'2' or (byte)'3';
        place = 2;
        int width = Number(path, file, ref place, "its width"), height = Number(path, file, ref place, "its height");
        int largest = Number(path, file, ref place, "its largest sample");
        if (largest is < 1 or > LargestSample) throw Bad(path, $"says that its largest sample is {largest}; 1 to {LargestSample} are read");
        PictureSize size = PictureReader.Demand(path, new PictureSize(width, height, colour ? 3 : 1));
        if (!text && (place >= file.Length || !IsSpace(file[place++]))) throw Bad(path, "is cut off or damaged: its header does not end");
        return (size, largest, text);
    }

    // Space and comments, then digits.
    private static int Number(string path, ReadOnlySpan<byte> file, ref int place, string what)
    {
        while (place < file.Length && (IsSpace(file[place]) || file[place] == '#'))
        {
            if (file[place] == '#')
            {
                while (place < file.Length && file[place] is not ((byte)'\n' or (byte)'\r')) place++;
            }
            else
            {
                place++;
            }
        }

        int start = place;
        long value = 0;
        for (; place < file.Length && file[place] is >= (byte)'0' and <= (byte)'9'; place++) value = Math.Min((value * 10) + file[place] - '0', int.MaxValue);
        return place > start ? (int)value : throw Bad(path, $"is cut off or damaged: no number stands where {what} belongs");
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0b or 0x0c;

    private static BadInputException Bad(string path, string fault) => new(path, null, null, fault);
}
