using VaeCluster.Core.Reduction;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="TreeNode"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class TreeNodeConverter : IConverter<TreeNode, TreeNodeSurrogate>
{
    public TreeNode ConvertFromSurrogate(in TreeNodeSurrogate surrogate) => new(surrogate.Level, surrogate.Index);

    public TreeNodeSurrogate ConvertToSurrogate(in TreeNode value) => new()
    {
        Level = value.Level,
        Index = value.Index,
    };
}
