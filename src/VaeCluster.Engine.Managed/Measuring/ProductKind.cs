namespace VaeCluster.Engine.Managed.Measuring;

/// <summary>The three matrix products of a fully connected layer, with W of shape [outputs, inputs].</summary>
public enum ProductKind
{
    /// <summary>Y = W·X.</summary>
    Forward,

    /// <summary>∂W = ∂Y·Xᵀ: a sum over examples, shard by shard.</summary>
    WeightGradient,

    /// <summary>∂X = Wᵀ·∂Y.</summary>
    InputGradient,
}
