namespace VaeCluster.Core.Specs;

/// <summary>Initial value of the bias of the decoder's last layer.</summary>
public enum OutputBias
{
    /// <summary>Uniform, like every other bias.</summary>
    Default,

    /// <summary>The value for which the likelihood's mean is the mean image of the training data.</summary>
    DataMean,
}
