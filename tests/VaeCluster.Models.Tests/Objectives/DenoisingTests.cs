namespace VaeCluster.Models.Tests.Objectives;

/// <summary>With corrupted data the encoder sees another image than the loss compares with.</summary>
public sealed class DenoisingTests
{
    [Theory]
    [InlineData("ae")]
    [InlineData("vae")]
    [InlineData("iwae")]
    [InlineData("capacity")]
    [InlineData("free-bits")]
    [InlineData("beta-tcvae")]
    [InlineData("dip-vae-ii")]
    [InlineData("info-vae")]
    [InlineData("wae-mmd")]
    [InlineData("miwae")]
    [InlineData("ciwae")]
    [InlineData("piwae")]
    public void Every_objective_encodes_the_corrupted_image_and_decodes_towards_the_clean_one(string kind)
    {
        var plain = new ObjectiveModel(kind);
        double loss = plain.Loss();
        var denoising = new ObjectiveModel(kind, "masking");

        // What is seen is the image itself: the same loss.
        denoising.Training.Input("x").CopyTo(denoising.Training.Input("seen"));
        Assert.Equal(loss, denoising.Loss(), 1e-9 * Math.Abs(loss));

        // Seen is another image: the code is its code, and the target stays.
        denoising.Training.Input("seen").Clear();
        double corrupted = denoising.Loss();
        Assert.NotEqual(loss, corrupted);
        plain.Training.Input("x").CopyTo(denoising.Training.Input("seen"));
        denoising.Training.Input("x").Clear();
        Assert.NotEqual(corrupted, denoising.Loss());
        Assert.Equal(plain.Sum("kl"), denoising.Sum("kl"), 1e-9);
    }
}
