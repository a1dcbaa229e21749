using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>Decodes latents into the cells of an image grid.</summary>
internal static class DecodedCells
{
    /// <summary>Decodes latents and fills the cells row by row.</summary>
    internal static void Fill(ILatentModel model, ReadOnlySpan<float> latents, ImageGrid grid, int firstRow, int firstColumn, int columns)
    {
        int count = latents.Length / model.Latent;
        int pixels = model.Image.Pixels;
        var images = new float[checked(count * pixels)];
        model.Decode(latents, images);
        for (int i = 0; i < count; i++)
            grid.Set(firstRow + (i / columns), firstColumn + (i % columns), images.AsSpan(i * pixels, pixels));
    }
}
