using System.Text.Json.Nodes;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>A Kubernetes object rendered by the chart.</summary>
/// <param name="Json">The object.</param>
/// <param name="Text">The same as Helm wrote it.</param>
internal sealed record Manifest(JsonNode Json, string Text)
{
    /// <summary>Its kind.</summary>
    internal string Kind => Json.Text("kind");

    /// <summary>Its name.</summary>
    internal string Name => Json.Text("metadata.name");

    /// <summary>The object's hooks; empty if it is part of the release itself.</summary>
    internal string Hooks => Annotations.GetValueOrDefault("helm.sh/hook", string.Empty);

    /// <summary>Its labels.</summary>
    internal IReadOnlyDictionary<string, string> Labels => Json.At("metadata.labels").Map();

    /// <summary>Its annotations.</summary>
    internal IReadOnlyDictionary<string, string> Annotations => Json.At("metadata.annotations").Map();

    /// <summary>The pod template; null if there is none.</summary>
    internal JsonNode? Pod => Kind switch
    {
        "Pod" => Json,
        "Deployment" or "StatefulSet" or "Job" => Json.At("spec.template"),
        _ => null,
    };

    /// <summary>The containers of its pod, including init containers.</summary>
    internal IEnumerable<JsonNode> Containers =>
        Pod is null ? [] : [.. Pod.At("spec.initContainers").Items(), .. Pod.At("spec.containers").Items()];

    /// <summary>Whether its pods are silos.</summary>
    internal bool IsSilos => Kind == "Deployment" && Labels["app.kubernetes.io/component"] is "server" or "worker";

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";
}
