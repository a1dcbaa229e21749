namespace VaeCluster.Service.Pictures;

/// <summary>What a page needs to know of a model to show it.</summary>
/// <param name="Latent">Number of latent dimensions.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Split">The split that examples are counted in.</param>
/// <param name="Examples">Examples of that split.</param>
/// <param name="KlPerDimension">Mean KL of each dimension over some of them, nats per example.</param>
/// <param name="Step">Steps that the weights have seen.</param>
/// <param name="IsLive">See <see cref="RunPicture.IsLive"/>.</param>
public sealed record RunModel(
    int Latent, int Channels, int Height, int Width, string Split, int Examples, IReadOnlyList<double> KlPerDimension, int Step,
    bool IsLive);
