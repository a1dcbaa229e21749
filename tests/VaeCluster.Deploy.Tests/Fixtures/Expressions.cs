using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>The expressions of rules and dashboard, and the metrics that they use.</summary>
internal static partial class Expressions
{
    private static readonly string[] Words = ["by", "without", "on", "ignoring", "group_left", "group_right", "unless", "and", "or",
        "bool", "offset", "inf", "nan"];

    /// <summary>The rules.</summary>
    internal static string Rules { get; } = Path.Combine(Repository.Chart, "files", "rules.yaml");

    /// <summary>The dashboard.</summary>
    internal static string Dashboard { get; } = Path.Combine(Repository.Chart, "files", "dashboard.json");

    /// <summary>Every expression with its location; Grafana's variables are filled in.</summary>
    internal static IReadOnlyList<(string Place, string Text)> All() =>
    [
        .. Yaml.Read(File.ReadAllText(Rules)).At("groups").Items().SelectMany(group => group["rules"].Items())
            .Select(rule => ((rule["alert"] ?? rule["record"])!.ToString(), rule.Text("expr"))),
        .. JsonNode.Parse(File.ReadAllText(Dashboard))!["panels"].Items()
            .SelectMany(panel => panel["targets"].Items().Select(target => ($"panel '{panel.Text("title")}'", Fill(target.Text("expr"))))),
    ];

    /// <summary>The metrics that an expression uses.</summary>
    /// <param name="expression">The expression.</param>
    internal static IReadOnlyList<string> MetricsOf(string expression)
    {
        string text = Quoted().Replace(expression, "\"\"");
        text = Matchers().Replace(text, " ");
        text = Range().Replace(text, " ");
        text = Grouping().Replace(text, " ");
        return [.. Name().Matches(text).Where(match => !Words.Contains(match.Value.ToLowerInvariant())).Select(match => match.Value)
            .Distinct()];
    }

    private static string Fill(string expression) => expression
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    // A word without a following bracket is not a function, and one that begins with a digit is not a name.
    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*(?![\w:]|\s*\()")]
    private static partial Regex Name();
}
