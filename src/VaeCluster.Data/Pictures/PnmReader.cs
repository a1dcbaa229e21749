using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// Reads PGM and PPM, as text (P2, P3) and binary (P5, P6), with up to 16 bits per sample. Source: the Netpbm manual pages.
/// </summary>
internal static class PnmReader
{
    private const int LargestSample = 65535;

    /// <summary>Reads the size.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">Its first bytes.</param>
    /// <exception cref="BadInputException">The file is neither PGM nor PPM.</exception>
    internal static PictureSize ReadSize(string path, ReadOnlySpan<byte> head)
    {
        int place = 0;
        return ReadHeader(path, head, ref place).Size;
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadInputException">The file is neither PGM nor PPM, or it is damaged.</exception>
    internal static Picture Read(string path, ReadOnlySpan<byte> file)
    {
        int place = 0;
        (PictureSize size, int largest, bool text) = ReadHeader(path, file, ref place);
        long samples = (long)size.Width * size.Height * size.Channels;
        int sampleBytes = largest > byte.MaxValue ? 2 : 1;
        // In text form every sample needs at least one digit and a separator.
        long needed = text ? (2 * samples) - 1 : samples * sampleBytes;
        if (file.Length - place < needed)
            throw Bad(path, $"is truncated: for size {size.Height}×{size.Width}, {needed - (file.Length - place)} bytes are missing");
        bool wide = largest > byte.MaxValue;
        byte[] bytes = wide ? [] : new byte[samples];
        ushort[]? words = wide ? new ushort[samples] : null;
        for (int i = 0; i < samples; i++)
        {
            int sample;
            if (text) sample = Number(path, file, ref place, "a sample");
            else if (sampleBytes == 1) sample = file[place++];
            else
            {
                sample = (file[place] << 8) | file[place + 1];
                place += 2;
            }

            if (sample > largest) throw Bad(path, $"is damaged: a sample is {sample}, but the header's maximum is {largest}");
            if (words is null) bytes[i] = (byte)(((sample * byte.MaxValue) + (largest / 2)) / largest);
            else words[i] = (ushort)sample;
        }

        if (file[place..].ContainsAnyExcept(" \t\r\n"u8)) throw Bad(path, $"has more data than its size {size.Height}×{size.Width} needs");
        return new Picture(size, bytes) { Words = words };
    }

    private static (PictureSize Size, int Largest, bool Text) ReadHeader(string path, ReadOnlySpan<byte> file, ref int place)
    {
        if (file.Length < 3 || file[0] != 'P' || file[1] is not ((byte)'2' or (byte)'3' or (byte)'5' or (byte)'6') || !IsSpace(file[2]))
            throw Bad(path, "not a PNG, PGM or PPM file (wrong magic bytes)");
        bool colour = file[1] is (byte)'3' or (byte)'6', text = file[1] is (byte)'2' or (byte)'3';
        place = 2;
        int width = Number(path, file, ref place, "the width"), height = Number(path, file, ref place, "the height");
        int largest = Number(path, file, ref place, "the maximum sample");
        if (largest is < 1 or > LargestSample)
            throw Bad(path, $"has maximum sample {largest} in its header; expected 1 to {LargestSample}");
        PictureSize size = PictureReader.CheckSize(path, new PictureSize(width, height, colour ? 3 : 1, Math.Max(largest, byte.MaxValue)));
        if (!text && (place >= file.Length || !IsSpace(file[place++]))) throw Bad(path, "is truncated or damaged: its header has no end");
        return (size, largest, text);
    }

    // Skips white space and comments, then reads digits.
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
        for (; place < file.Length && file[place] is >= (byte)'0' and <= (byte)'9'; place++)
            value = Math.Min((value * 10) + file[place] - '0', int.MaxValue);
        return place > start ? (int)value : throw Bad(path, $"is truncated or damaged: {what} is missing");
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0b or 0x0c;

    private static BadInputException Bad(string path, string fault) => new(path, null, null, fault);
}
