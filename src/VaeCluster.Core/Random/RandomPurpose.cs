namespace VaeCluster.Core.Random;

/// <summary>What a stream of random numbers is for: streams of different purposes never share a number.</summary>
public enum RandomPurpose
{
    /// <summary>Initial values of parameters; the example is the slice's position in the layout.</summary>
    InitialWeights = 1,

    /// <summary>The order of an epoch; the time is the epoch.</summary>
    Shuffle = 2,

    /// <summary>ε of the reparameterisation; the time is the step (0 in an evaluation).</summary>
    LatentNoise = 3,

    /// <summary>Binarisation of grey values; the time is the epoch, or 0 for static binarisation and evaluations.</summary>
    Binarization = 4,

    /// <summary>Which examples are held out.</summary>
    ValidationSplit = 5,

    /// <summary>Latents drawn from the prior for samples.</summary>
    PriorSample = 6,

    /// <summary>Noise of the importance-weighted bound; the time is the index of the draw.</summary>
    ImportanceNoise = 7,

    /// <summary>Random choices of a disentanglement score.</summary>
    Score = 8,

    /// <summary>Points drawn by a sweep's searcher.</summary>
    Search = 9,

    /// <summary>Corruption of the images that the encoder sees; the time is the step.</summary>
    Corruption = 10,

    /// <summary>Which channels dropout sets to 0; the time is the step.</summary>
    Dropout = 11,
}
