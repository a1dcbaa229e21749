using VaeCluster.Core.Reduction;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="TreeNode"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.TreeNode")]
internal struct TreeNodeSurrogate
{
    /// <inheritdoc cref="TreeNode.Level"/>
    [Id(0)]
    public int Level;

    /// <inheritdoc cref="TreeNode.Index"/>
    [Id(1)]
    public int Index;
}

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
