namespace VaeCluster.Engine.Managed;

/// <summary>The code of one node, or of a few fused nodes.</summary>
internal abstract class Step
{
    /// <summary>Computes the value.</summary>
    internal virtual void Forward()
    {
    }

    /// <summary>Propagates the value's gradient to its inputs and parameters.</summary>
    /// <param name="target">The destination of the parameters' gradients.</param>
    internal virtual void Backward(in GradientTarget target)
    {
    }
}
