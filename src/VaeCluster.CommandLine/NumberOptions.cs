using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VaeCluster.Core.Specs;

namespace VaeCluster.CommandLine;

/// <summary>
/// Options that take a number, read as run files read them: see <see cref="NumberText"/>. The library's own conversion takes thousands
/// separators, so that <c>-2,5</c> would be −25.
/// </summary>
public static class NumberOptions
{
    /// <summary>A whole number with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="standard">The default.</param>
    /// <param name="least">The smallest allowed.</param>
    /// <param name="most">The largest allowed.</param>
    /// <param name="description">One line of help.</param>
    public static Option<int> Whole(string name, string helpName, int standard, int least, int most, string description) =>
        Create(name, helpName, description, result => (int)ReadWhole(result, name, least, most), _ => standard);

    /// <summary>A whole number without a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="least">The smallest allowed.</param>
    /// <param name="most">The largest allowed.</param>
    /// <param name="description">One line of help.</param>
    public static Option<int?> WholeOrNone(string name, string helpName, int least, int most, string description) =>
        Create<int?>(name, helpName, description, result => (int)ReadWhole(result, name, least, most));

    /// <summary>A seed, any whole number of 64 bits, without a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">One line of help.</param>
    public static Option<long?> SeedOrNone(string name, string description) =>
        Create<long?>(name, "SEED", description, result => ReadWhole(result, name, long.MinValue, long.MaxValue));

    /// <summary>A number with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="standard">The default.</param>
    /// <param name="least">The smallest allowed.</param>
    /// <param name="most">The largest allowed.</param>
    /// <param name="description">One line of help.</param>
    public static Option<float> Number(string name, string helpName, float standard, float least, float most, string description) =>
        Create(name, helpName, description, result => ReadNumber(result, name, least, most), _ => standard);

    private static Option<T> Create<T>(string name, string helpName, string description, Func<ArgumentResult, T> read,
        Func<ArgumentResult, T>? standard = null)
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName, CustomParser = read };
        if (standard is not null) option.DefaultValueFactory = standard;
        return option;
    }

    private static long ReadWhole(ArgumentResult result, string name, long least, long most)
    {
        string text = TextOf(result);
        if (NumberText.TryReadWhole(text, out long number) && number >= least && number <= most) return number;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}': a whole number from {least} to {most}"));
        return 0;
    }

    private static float ReadNumber(ArgumentResult result, string name, float least, float most)
    {
        string text = TextOf(result);
        if (NumberText.TryRead(text, out double number) && number >= least && number <= most) return (float)number;
        result.AddError(string.Create(
            CultureInfo.InvariantCulture, $"{name} is '{text}': a number from {least} to {most}, with a decimal point"));
        return 0;
    }

    // The library has already refused an option without a value, or with several.
    private static string TextOf(ArgumentResult result) => result.Tokens.Count == 0 ? string.Empty : result.Tokens[^1].Value;
}
