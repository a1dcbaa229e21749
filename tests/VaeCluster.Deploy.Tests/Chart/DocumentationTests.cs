using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Chart;

/// <summary>Values, schema, comments, README and templates all have the same fields.</summary>
public sealed partial class DocumentationTests
{
    // Maps with keys chosen by the user, or Kubernetes' own types, which Kubernetes checks.
    private static readonly string[] Free =
    [
        "commonLabels", "nodeSelector", "podLabels", "podAnnotations", "annotations", "labels", "affinity.nodeAffinity",
            "affinity.podAffinity",
        "affinity.podAntiAffinity", "autoscaling.metrics[]", "httpFrom[].podSelector", "httpFrom[].namespaceSelector",
        "gatewayFrom[].podSelector",
        "gatewayFrom[].namespaceSelector", "runs", "sweeps", "global",
    ];

    private static string ValuesText => File.ReadAllText(Path.Combine(Repository.Chart, "values.yaml"));

    private static JsonNode Schema => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Chart, "values.schema.json")))!;

    /// <summary>Set VAECLUSTER_WRITE_CHART_README=1 to write it.</summary>
    [Fact]
    public void The_README_is_generated_from_the_comments()
    {
        string path = Path.Combine(Repository.Chart, "README.md"), made = ChartReadme.Make();
        if (Environment.GetEnvironmentVariable("VAECLUSTER_WRITE_CHART_README") == "1") File.WriteAllText(path, made);
        Assert.Equal(made, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Values_comments_and_schema_cover_the_same_fields()
    {
        string[] documented = [.. ValueComments.Read(ValuesText).Select(value => value.Path)];
        Assert.Equal(documented.Distinct(), documented);
        string[] values = [.. Leaves(Yaml.Read(ValuesText), string.Empty)
            .Where(path => !path.StartsWith("metrics.dashboard.labels.", StringComparison.Ordinal)).Append("metrics.dashboard.labels")];
        Assert.Equal(values.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        string[] schema = [.. SchemaLeaves(Schema, string.Empty).Where(path => path != "global")];
        Assert.Equal(documented.Order(StringComparer.Ordinal), schema.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_schema_refuses_unknown_values_at_every_level()
    {
        int objects = 0;
        Visit(Schema, string.Empty);
        Assert.True(objects > 40, $"{objects}");

        void Visit(JsonNode node, string path)
        {
            bool isFree = Array.Exists(Free, name => path == name || path.EndsWith("." + name, StringComparison.Ordinal));
            if (node["type"]?.ToString() == "object")
            {
                objects++;
                JsonNode? others = node["additionalProperties"];
                Assert.True(isFree || (others is JsonValue && !others.GetValue<bool>()), $"{path} takes unknown values");
                if (others is JsonObject map) Visit(map, $"{path}.*");
            }

            foreach (KeyValuePair<string, JsonNode?> property in node["properties"]?.AsObject() ?? [])
                Visit(property.Value!, path.Length == 0 ? property.Key : $"{path}.{property.Key}");
            if (node["items"] is { } items) Visit(items, $"{path}[]");
        }
    }

    [Fact]
    public void Every_value_is_read_by_a_template()
    {
        string templates = string.Concat(Directory.GetFiles(Path.Combine(Repository.Chart, "templates"), "*", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        foreach (string path in ValueComments.Read(ValuesText).Select(value => value.Path))
        {
            // Servers and workers share templates; some maps are copied as a whole.
            string[] ways =
            [
                $".Values.{path}", $"$v.{path}", $"$silos.{path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..]}",
                .. Prefixes(path).Select(prefix => $"toYaml .Values.{prefix} "),
                .. Prefixes(path).Select(prefix => $"toYaml $.Values.{prefix} "),
            ];
            Assert.True(Array.Exists(ways, way => Regex.IsMatch(templates, Regex.Escape(way)
                + (way.EndsWith(' ') ? string.Empty : @"(?![\w.])"))), $"no template reads {path}");
        }
    }

    [Fact]
    public void The_chart_has_the_version_of_the_program()
    {
        string version = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;
        JsonNode chart = Yaml.Read(File.ReadAllText(Path.Combine(Repository.Chart, "Chart.yaml")));
        Assert.Equal(version, chart.Text("appVersion"));
    }

    private static IEnumerable<string> Prefixes(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1)) yield return path[..dot];
    }

    private static IEnumerable<string> Leaves(JsonNode? node, string path) => node is JsonObject { Count: > 0 } map
        ? map.SelectMany(entry => Leaves(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}"))
        : [path];

    private static IEnumerable<string> SchemaLeaves(JsonNode node, string path) =>
        node["properties"] is JsonObject { Count: > 0 } properties && !path.EndsWith(".affinity", StringComparison.Ordinal)
            ? properties.SelectMany(entry => SchemaLeaves(entry.Value!, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}"))
            : [path];
}
