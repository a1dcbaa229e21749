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

    /// <summary>Black or white for grey; the time is the epoch, 0 for static binarisation and evaluations.</summary>
    Binarization = 4,

    /// <summary>Which examples are held out.</summary>
    ValidationSplit = 5,

    /// <summary>Latents drawn from the prior for samples.</summary>
    PriorSample = 6,

    /// <summary>Draws of the importance-weighted bound; the time is the draw.</summary>
    ImportanceNoise = 7,

    /// <summary>Choices of a score that judges a representation.</summary>
    Score = 8,

    /// <summary>Points of a sweep's search.</summary>
    Search = 9,
}
