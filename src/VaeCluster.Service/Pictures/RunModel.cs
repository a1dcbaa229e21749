namespace VaeCluster.Service.Pictures;

/// <summary>What a page needs to know about a model to show it.</summary>
/// <param name="Latent">Number of latent dimensions.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Split">The split that example numbers refer to.</param>
/// <param name="Examples">Number of examples in that split.</param>
/// <param name="KlPerDimension">Mean KL of each dimension over some of the examples, in nats per example.</param>
/// <param name="Step">The step of the weights.</param>
/// <param name="IsLive">See <see cref="RunPicture.IsLive"/>.</param>
public sealed record RunModel(
    int Latent, int Channels, int Height, int Width, string Split, int Examples, IReadOnlyList<double> KlPerDimension, int Step,
    bool IsLive);
