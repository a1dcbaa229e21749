using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>Decodes latents straight into the cells of a grid.</summary>
internal static class DecodedCells
{
    /// <summary>Decodes row after row of latents and fills the cells in reading order.</summary>
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
