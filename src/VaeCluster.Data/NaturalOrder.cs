namespace VaeCluster.Data;

/// <summary>
/// The order in which people count: runs of digits compare as numbers, so 2 comes before 10; everything else compares by its characters'
/// codes. Names that differ only in leading zeros compare by their codes, too, so no two different names are equal.
/// </summary>
internal sealed class NaturalOrder : IComparer<string>
{
    private NaturalOrder()
    {
    }

    /// <summary>The comparer.</summary>
    internal static NaturalOrder Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        int i = 0, j = 0;
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                ReadOnlySpan<char> one = Digits(left, ref i), other = Digits(right, ref j);
                int numbers = one.Length != other.Length ? one.Length - other.Length : one.SequenceCompareTo(other);
                if (numbers != 0) return numbers;
            }
            else
            {
                if (left[i] != right[j]) return left[i] - right[j];
                i++;
                j++;
            }
        }

        int rest = (left.Length - i) - (right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    // The digits from here on, without leading zeros.
    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text, ref int place)
    {
        int start = place;
        while (place < text.Length && char.IsAsciiDigit(text[place])) place++;
        return text[start..place].TrimStart('0');
    }
}
