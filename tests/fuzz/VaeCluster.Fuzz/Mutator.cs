using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VaeCluster.Fuzz;

/// <summary>
/// Makes inputs from seeds: flipped bits, edges of integers, cuts, copies, splices, words of the format, numbers in text. Input i of a seed is
/// always the same.
/// </summary>
/// <param name="target">The parser's name, so that targets do not share inputs.</param>
/// <param name="seeds">Whole inputs, at least one.</param>
/// <param name="words">Pieces of the format.</param>
/// <param name="seed">Chooses the inputs.</param>
/// <param name="longest">The longest input, in bytes.</param>
public sealed class Mutator(string target, IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words, long seed, int longest = 1 << 16)
{
    private const int MostChanges = 8;

    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 127, 128, 255, 256, short.MaxValue, short.MinValue, ushort.MaxValue, 1 << 16, 1 << 20, 1 << 24, 1 << 28,
        int.MaxValue, int.MinValue, int.MaxValue - 1, uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue, long.MinValue, 46341, 65535 * 65535L,
    ];

    private static readonly string[] Numbers =
    [
        "0", "-1", "1", "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "1e999",
        "1e-300", "NaN", "Infinity", "0.5", "1.0e308", "99999999999999999999999999", "-0", "007", "1_000", "0x10",
    ];

    /// <summary>One input.</summary>
    /// <param name="index">Its number.</param>
    public byte[] Make(long index)
    {
        var random = new Draws(seed, target, index);
        byte[] input = seeds[random.Below(seeds.Count)];
        if (index < seeds.Count) return [.. seeds[(int)index]];
        int changes = 1 + random.Below(random.Below(4) == 0 ? MostChanges : 3);
        for (int i = 0; i < changes; i++) input = Change(input, random);
        return input.Length <= longest ? input : input[..longest];
    }

    /// <summary>Whether an input is repaired before it is read.</summary>
    /// <param name="index">Its number.</param>
    public bool Repairs(long index) => new Draws(~seed, target, index).Below(2) == 0;

    private byte[] Change(byte[] input, Draws random)
    {
        if (input.Length == 0) return seeds[random.Below(seeds.Count)];
        int place = random.Below(input.Length);
        switch (random.Below(14))
        {
            case 0:
                return With(input, bytes => bytes[place] ^= (byte)(1 << random.Below(8)));
            case 1:
                return With(input, bytes => bytes[place] = (byte)random.Below(256));
            case 2 or 3:
                return Edge(input, place, random);
            case 4:
                return input[..place];
            case 5:
                return [.. input[..place], .. input[Math.Min(input.Length, place + 1 + random.Below(16))..]];
            case 6:
                int end = Math.Min(input.Length, place + 1 + random.Below(64));
                return Insert(input, random.Below(input.Length + 1), input[place..end], 1 + (random.Below(8) == 0 ? random.Below(2000) : random.Below(3)));
            case 7:
                byte[] other = seeds[random.Below(seeds.Count)];
                return [.. input[..place], .. other[Math.Min(other.Length, random.Below(other.Length + 1))..]];
            case 8 when words.Count > 0:
                return Insert(input, place, Encoding.UTF8.GetBytes(words[random.Below(words.Count)]), 1);
            case 9 when words.Count > 0:
                // Depth: one word very often.
                return Insert(input, place, Encoding.UTF8.GetBytes(words[random.Below(words.Count)]), 1 + random.Below(random.Below(4) == 0 ? 20_000 : 40));
            case 10 or 11:
                return Number(input, place, random);
            case 12:
                return With(input, bytes => bytes[place] = (byte)(bytes[place] + random.Below(33) - 16));
            default:
                return Swap(input, place, random);
        }
    }

    private static byte[] With(byte[] input, Action<byte[]> change)
    {
        byte[] changed = [.. input];
        change(changed);
        return changed;
    }

    private byte[] Insert(byte[] input, int place, byte[] piece, int times)
    {
        times = Math.Min(times, 1 + (longest / Math.Max(1, piece.Length)));
        var changed = new byte[input.Length + (piece.Length * times)];
        input.AsSpan(0, place).CopyTo(changed);
        for (int i = 0; i < times; i++) piece.CopyTo(changed, place + (i * piece.Length));
        input.AsSpan(place).CopyTo(changed.AsSpan(place + (piece.Length * times)));
        return changed;
    }

    private static byte[] Edge(byte[] input, int place, Draws random)
    {
        long value = random.Below(8) == 0 ? input.Length + random.Below(5) - 2 : Edges[random.Below(Edges.Length)];
        int size = 1 << random.Below(4);
        bool isBig = random.Below(2) == 0;
        if (place + size > input.Length) return input;
        return With(input, bytes =>
        {
            Span<byte> field = bytes.AsSpan(place, size);
            switch (size)
            {
                case 1: field[0] = (byte)value; break;
                case 2 when isBig: BinaryPrimitives.WriteInt16BigEndian(field, (short)value); break;
                case 2: BinaryPrimitives.WriteInt16LittleEndian(field, (short)value); break;
                case 4 when isBig: BinaryPrimitives.WriteInt32BigEndian(field, (int)value); break;
                case 4: BinaryPrimitives.WriteInt32LittleEndian(field, (int)value); break;
                case 8 when isBig: BinaryPrimitives.WriteInt64BigEndian(field, value); break;
                default: BinaryPrimitives.WriteInt64LittleEndian(field, value); break;
            }
        });
    }

    // The next number in text becomes another.
    private static byte[] Number(byte[] input, int place, Draws random)
    {
        int start = input.AsSpan(place).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0) return input;
        start += place;
        int end = start;
        while (end < input.Length && (input[end] is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'e')) end++;
        string number = random.Below(4) == 0
            ? random.Below(1 << 30).ToString(CultureInfo.InvariantCulture)
            : Numbers[random.Below(Numbers.Length)];
        return [.. input[..start], .. Encoding.ASCII.GetBytes(number), .. input[end..]];
    }

    private static byte[] Swap(byte[] input, int place, Draws random)
    {
        int length = Math.Min(1 + random.Below(16), input.Length - place), other = random.Below(input.Length - length + 1);
        return With(input, bytes =>
        {
            byte[] piece = input[place..(place + length)];
            input.AsSpan(other, length).CopyTo(bytes.AsSpan(place));
            piece.CopyTo(bytes, other);
        });
    }
}
