namespace VaeCluster.Engine.Torch;

/// <summary>Arithmetic of the products. Weights, gradients, sums and losses are float32 whatever it is.</summary>
public enum TorchPrecision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>float32 whose products round their factors to TF32 (10 bits of mantissa): CUDA only.</summary>
    Tf32,

    /// <summary>Layers compute in bfloat16 by explicit casts; the weights that the optimiser sees stay float32.</summary>
    BFloat16,
}
