using System.Buffers.Binary;

namespace VaeCluster.Data.Pictures;

/// <summary>Recognises the formats of image files by their first bytes.</summary>
internal static class PictureFormats
{
    private const byte Marker = 0xFF, StartOfScan = 0xDA, EndOfImage = 0xD9;
    private const int FirstSegment = 2;
    private const int MarkerBytes = 2;

    /// <summary>The formats, in words.</summary>
    internal const string Names = "PNG, JPEG, WebP, BMP, GIF, PGM or PPM";

    /// <summary>Whether a file begins like a PGM or PPM.</summary>
    /// <param name="head">Its first bytes.</param>
    internal static bool IsPnm(ReadOnlySpan<byte> head) => head.Length > 1 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'7';

    /// <summary>Whether a file begins like a JPEG.</summary>
    /// <param name="head">Its first bytes.</param>
    internal static bool IsJpeg(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[Marker, 0xD8, Marker]);

    /// <summary>Whether a file begins like one of the formats that <see cref="CodecReader"/> reads.</summary>
    /// <param name="head">Its first bytes.</param>
    internal static bool IsOfCodecs(ReadOnlySpan<byte> head) =>
        IsJpeg(head) || head.StartsWith("GIF8"u8) || head.StartsWith("BM"u8)
        || (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8));

    /// <summary>
    /// Whether a JPEG has its end. Decoders fill up what is missing with grey, without a word; a preview in front of the image has an end
    /// of its own, so it is looked for behind the first scan of the image itself.
    /// </summary>
    /// <param name="file">All of the file.</param>
    internal static bool HasJpegEnd(ReadOnlySpan<byte> file)
    {
        int place = FirstSegment;
        while (place + (2 * MarkerBytes) <= file.Length && file[place] == Marker)
        {
            byte kind = file[place + 1];
            if (kind == StartOfScan) return file[place..].IndexOf((ReadOnlySpan<byte>)[Marker, EndOfImage]) >= 0;
            place += kind == Marker ? 1 : MarkerBytes + BinaryPrimitives.ReadUInt16BigEndian(file[(place + MarkerBytes)..]);
        }

        // Not a sequence of segments: what is wrong with it, the decoder knows better.
        return place <= file.Length && file[FirstSegment..].IndexOf((ReadOnlySpan<byte>)[Marker, EndOfImage]) >= 0;
    }
}
