using VaeCluster.Core;

namespace VaeCluster.Models.Architectures;

/// <summary>The sizes that an architecture must have.</summary>
/// <param name="Image">Size of the images.</param>
/// <param name="Latent">Latent dimensions: inputs of the decoder.</param>
/// <param name="CodeSize">Outputs of the encoder: μ and log σ² of each latent dimension, or only μ.</param>
/// <param name="OutputsPerPixel">Outputs of the decoder for each pixel.</param>
public sealed record ArchitectureShape(ImageShape Image, int Latent, int CodeSize, int OutputsPerPixel);
