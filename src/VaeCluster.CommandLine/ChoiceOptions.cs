using System.CommandLine;

namespace VaeCluster.CommandLine;

/// <summary>Options that take one of a few words. The library's own conversion takes numbers too, even those of no word.</summary>
public static class ChoiceOptions
{
    /// <summary>One word of an enumeration, in lower case, with a default.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="name">The option.</param>
    /// <param name="standard">The default.</param>
    /// <param name="description">One line of help.</param>
    public static Option<T> Choice<T>(string name, T standard, string description)
        where T : struct, Enum
    {
        Dictionary<string, T> words = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant());
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Keys),
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 0 ? string.Empty : result.Tokens[^1].Value;
                if (words.TryGetValue(text, out T value)) return value;
                result.AddError($"{name} is '{text}': one of {string.Join(", ", words.Keys)}");
                return standard;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. words.Keys]);
        return option;
    }
}
