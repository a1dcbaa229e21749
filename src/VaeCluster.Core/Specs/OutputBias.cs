namespace VaeCluster.Core.Specs;

/// <summary>What the bias of the decoder's last layer starts from.</summary>
public enum OutputBias
{
    /// <summary>Uniform like every other bias.</summary>
    Default,

    /// <summary>The value at which the likelihood's mean is the mean image of the training data.</summary>
    DataMean,
}
