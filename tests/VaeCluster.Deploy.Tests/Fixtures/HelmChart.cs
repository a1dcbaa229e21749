using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Renders the chart with the real Helm.</summary>
internal static partial class HelmChart
{
    /// <summary>The release's name.</summary>
    internal const string Release = "trainer";

    /// <summary>The release's namespace.</summary>
    internal const string Namespace = "vae";

    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Manifest>>> Rendered = new();

    /// <summary>Renders the chart with values files.</summary>
    /// <param name="files">The files, later ones win.</param>
    internal static IReadOnlyList<Manifest> Render(params string[] files) =>
        Rendered.GetOrAdd(string.Join('\n', files), _ => new Lazy<IReadOnlyList<Manifest>>(() => RenderNow(files))).Value;

    /// <summary>Runs Helm.</summary>
    /// <param name="arguments">Its arguments.</param>
    internal static (int Code, string Output, string Error) Run(params string[] arguments) =>
        Tool.Run(Requirements.Find(Requirement.Helm)!, null, arguments);

    /// <summary>The arguments that render the chart.</summary>
    /// <param name="chart">The chart's folder.</param>
    /// <param name="more">Further arguments.</param>
    internal static string[] Template(string chart, params string[] more) =>
        ["template", Release, chart, "--namespace", Namespace, "--kube-version", "1.33.0", .. more];

    private static List<Manifest> RenderNow(string[] files)
    {
        (int code, string output, string error) =
            Run(Template(Repository.Chart, [.. files.SelectMany(file => new[] { "--values", file })]));
        Assert.True(code == 0, error);
        return
        [
            .. Documents().Split(output)
                .Select(text => (Text: text, Json: Yaml.ReadAll(text).SingleOrDefault()))
                .Where(document => document.Json is not null)
                .Select(document => new Manifest(document.Json!, document.Text)),
        ];
    }

    [GeneratedRegex("^---$", RegexOptions.Multiline)]
    private static partial Regex Documents();
}
