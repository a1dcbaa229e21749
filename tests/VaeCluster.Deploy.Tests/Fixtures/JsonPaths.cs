using System.Text.Json.Nodes;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Helpers for navigating JSON.</summary>
internal static class JsonPaths
{
    /// <summary>The node at a path; null if there is none.</summary>
    /// <param name="node">Where the path begins.</param>
    /// <param name="path">Names with dots between them.</param>
    internal static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (string name in path.Split('.')) node = node?[name];
        return node;
    }

    /// <summary>The text at a path, which must exist.</summary>
    /// <param name="node">Where the path begins.</param>
    /// <param name="path">Names with dots between them.</param>
    internal static string Text(this JsonNode? node, string path)
    {
        JsonNode? found = node.At(path);
        Assert.True(found is not null, $"there is no {path} in {node?.ToJsonString()}");
        return found.ToString();
    }

    /// <summary>The elements of a list; empty if there is no list.</summary>
    /// <param name="node">The list.</param>
    internal static IEnumerable<JsonNode> Items(this JsonNode? node) => (node?.AsArray() ?? []).OfType<JsonNode>();

    /// <summary>A map of texts; empty if there is none.</summary>
    /// <param name="node">The map.</param>
    internal static IReadOnlyDictionary<string, string> Map(this JsonNode? node) =>
        (node?.AsObject() ?? []).ToDictionary(entry => entry.Key, entry => entry.Value!.ToString());

    /// <summary>Everything below a node, itself first.</summary>
    /// <param name="node">The node.</param>
    internal static IEnumerable<JsonNode> Everything(this JsonNode? node)
    {
        if (node is null) return [];
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject map => map.Select(entry => entry.Value),
            JsonArray list => list,
            _ => [],
        };
        return children.SelectMany(child => child.Everything()).Prepend(node);
    }
}
