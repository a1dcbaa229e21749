namespace VaeCluster.Engine.Managed.Measuring;

/// <summary>The three products of a fully connected layer, W of [outputs, inputs] and examples side by side.</summary>
public enum ProductKind
{
    /// <summary>Y = W·X.</summary>
    Forward,

    /// <summary>∂W = ∂Y·Xᵀ: a sum over examples, in shards.</summary>
    WeightGradient,

    /// <summary>∂X = Wᵀ·∂Y.</summary>
    InputGradient,
}
