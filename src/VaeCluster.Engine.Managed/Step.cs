namespace VaeCluster.Engine.Managed;

/// <summary>What a program does for one node, or for a few fused ones.</summary>
internal abstract class Step
{
    /// <summary>Computes the value.</summary>
    internal virtual void Forward()
    {
    }

    /// <summary>Passes the value's gradient on to its inputs and parameters.</summary>
    /// <param name="target">Where the gradients of parameters go.</param>
    internal virtual void Backward(in GradientTarget target)
    {
    }
}
