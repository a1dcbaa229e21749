using System.Net;
using System.Net.Sockets;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Silo.CommandLine;

/// <summary>A value from an option or variable. Errors name where it came from.</summary>
/// <param name="Source">The option or variable.</param>
/// <param name="Text">The value as given.</param>
internal sealed record SettingValue(string Source, string Text)
{
    /// <summary>The error for this value.</summary>
    /// <param name="allowed">What is allowed.</param>
    internal BadInputException Refuse(string allowed) => new(Source, null, Text, allowed);

    /// <summary>A whole number.</summary>
    /// <param name="least">The smallest allowed.</param>
    /// <param name="most">The largest allowed.</param>
    internal int Count(int least, int most) =>
        NumberText.TryReadWhole(Text, out long number) && number >= least && number <= most
            ? (int)number
            : throw Refuse(FormattableString.Invariant($"a whole number from {least} to {most}"));

    /// <summary>A length of time in seconds.</summary>
    /// <param name="least">The smallest allowed.</param>
    /// <param name="most">The largest allowed.</param>
    internal TimeSpan Seconds(double least, double most) =>
        NumberText.TryRead(Text, out double seconds) && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw Refuse(FormattableString.Invariant($"seconds from {least} to {most}"));

    /// <summary>A name without blanks or control characters.</summary>
    internal string Name()
    {
        const int Longest = 64;
        bool fits = Text.Length is > 0 and <= Longest
            && Text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');
        return fits ? Text : throw Refuse($"a name of at most {Longest} letters, digits, '-', '_', '.' and ':'");
    }

    /// <summary>An IP address, or a host name that resolves to one.</summary>
    internal IPAddress Address()
    {
        if (IPAddress.TryParse(Text, out IPAddress? address)) return address;
        try
        {
            IPAddress[] found = Dns.GetHostAddresses(Text);
            return found.OrderBy(candidate => candidate.AddressFamily != AddressFamily.InterNetwork).First();
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException or InvalidOperationException)
        {
            throw Refuse($"an address of this machine that other silos can reach ({fault.Message})");
        }
    }

    /// <summary>Whether a switch is on.</summary>
    internal bool Switch() => Text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw Refuse("true or false"),
    };
}
