using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Arrays;

/// <summary>The smallest and the largest of an array's values; those that are not numbers do not count.</summary>
/// <param name="Smallest">The smallest value; +∞ if there are none.</param>
/// <param name="Largest">The largest value; −∞ if there are none.</param>
internal readonly record struct StoredRange(double Smallest, double Largest)
{
    private const int PieceBytes = 1 << 20;

    // Of larger arrays only evenly spread pieces are read, as many as this is.
    private const long MostBytes = 1L << 28;

    /// <summary>Reads an array, or evenly spread parts of a large one.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="bytes">Its elements, little-endian.</param>
    internal static StoredRange Of(NpyType type, ByteSource bytes)
    {
        int size = NpyElements.SizeOf(type);
        byte[] piece = new byte[(int)Math.Min(PieceBytes, bytes.Length)];
        double[] values = new double[piece.Length / size];
        (double smallest, double largest) = (double.PositiveInfinity, double.NegativeInfinity);
        long pieces = (bytes.Length + piece.Length - 1) / piece.Length, step = Math.Max(1, bytes.Length / MostBytes);
        for (long i = 0; i < pieces; i += step)
        {
            Span<byte> part = piece.AsSpan(0, (int)Math.Min(piece.Length, bytes.Length - (i * piece.Length)));
            bytes.Read(i * piece.Length, part);
            Span<double> numbers = values.AsSpan(0, part.Length / size);
            NpyElements.ToDoubles(type, part, numbers);
            foreach (double number in numbers)
            {
                if (number < smallest) smallest = number;
                if (number > largest) largest = number;
            }
        }

        return new StoredRange(smallest, largest);
    }
}
