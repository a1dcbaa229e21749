using System.Globalization;
using System.Text;

namespace VaeCluster.Core;

/// <summary>
/// Text from files and file names as it may be shown: what a terminal would obey (escape sequences, changes of writing direction) is written
/// out, and the length is bounded.
/// </summary>
public static class VisibleText
{
    /// <summary>The longest message that is shown, in characters.</summary>
    public const int LongestMessage = 4000;

    /// <summary>Writes out characters that cannot be seen, such as <c>\u001b</c> for the escape that begins a terminal's sequence.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepsLines">Whether line breaks and tabs stay; otherwise line breaks become spaces.</param>
    public static string Of(string text, bool keepsLines = false)
    {
        if (!keepsLines) text = text.ReplaceLineEndings(" ");
        int first = 0;
        while (first < text.Length && IsVisible(text, first, keepsLines)) first++;
        if (first == text.Length) return text;
        StringBuilder shown = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (int i = first; i < text.Length; i++)
        {
            if (IsVisible(text, i, keepsLines)) shown.Append(text[i]);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }

        return shown.ToString();
    }

    /// <summary>
    /// One line of bounded length, with everything in it visible. Lines of a stack trace, which the messages of some libraries bring along,
    /// are left out.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The longest line, in characters, without the mark that says that something is left out.</param>
    public static string Line(string text, int longest = LongestMessage)
    {
        text = WithoutFrames(text);
        string cut = text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
        string shown = Of(cut);
        return text.Length <= longest ? shown : $"{shown}… ({text.Length} characters)";
    }

    private static string WithoutFrames(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal)) return text;
        var lines = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            ReadOnlySpan<char> content = line.AsSpan().Trim();
            bool isFrame = content.StartsWith("at ") && content.Contains('(') && char.IsWhiteSpace(line[0]);
            if (!isFrame && !content.StartsWith("--- End of ")) lines.Add(line.TrimEnd('\r'));
        }

        return string.Join('\n', lines).TrimEnd();
    }

    private static bool IsVisible(string text, int place, bool keepsLines)
    {
        char letter = text[place];
        if (letter is >= ' ' and < '\u007f') return true;
        if (letter is '\n' or '\r' or '\t') return keepsLines;
        return CharUnicodeInfo.GetUnicodeCategory(letter) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,

            // Marks of the writing direction can make a line read as another; joiners and soft hyphens are part of words.
            UnicodeCategory.Format => letter is not (>= '\u200e' and <= '\u200f' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069'
                or '\ufeff'),
            UnicodeCategory.Surrogate => char.IsHighSurrogate(letter)
                ? place + 1 < text.Length && char.IsLowSurrogate(text[place + 1])
                : place > 0 && char.IsHighSurrogate(text[place - 1]),
            _ => true,
        };
    }
}
