namespace VaeCluster.Core.Reduction;

/// <summary>The decision of a <see cref="NodeLedger"/> about an offered node.</summary>
public readonly ref struct NodeOutcome
{
    private NodeOutcome(bool accepted, ReadOnlySpan<TreeNode> superseded)
    {
        IsAccepted = accepted;
        Superseded = superseded;
    }

    /// <summary>Whether the node was accepted. False: a duplicate, whose shards already count, so its value is dropped.</summary>
    public bool IsAccepted { get; }

    /// <summary>Descendants of the accepted node that were present and no longer count; valid until the next offer.</summary>
    public ReadOnlySpan<TreeNode> Superseded { get; }

    internal static NodeOutcome Duplicate => default;

    internal static NodeOutcome Accept(ReadOnlySpan<TreeNode> superseded) => new(true, superseded);
}
