namespace VaeCluster.Core.Reduction;

/// <summary>What a <see cref="NodeLedger"/> decided about a node that was offered.</summary>
public readonly ref struct NodeOutcome
{
    private NodeOutcome(bool accepted, ReadOnlySpan<TreeNode> superseded)
    {
        IsAccepted = accepted;
        Superseded = superseded;
    }

    /// <summary>Whether the node counts now. False: a repeat, everything in it was counted before and its value is dropped.</summary>
    public bool IsAccepted { get; }

    /// <summary>Nodes below the accepted one that were present and count no more; valid until the next offer.</summary>
    public ReadOnlySpan<TreeNode> Superseded { get; }

    internal static NodeOutcome Repeat => default;

    internal static NodeOutcome Accept(ReadOnlySpan<TreeNode> superseded) => new(true, superseded);
}
