using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;

namespace VaeCluster.Models.Tests;

public sealed class ModelSizeTests
{
    private static readonly ImageShape Image = new(1, 28, 28);

    [Theory]
    [InlineData(new long[] { 46341, 46341 }, "model.hidden is '[46341, 46341]': makes a model of ")]
    [InlineData(new long[] { 65536, 65536 }, "model.hidden is '[65536, 65536]': makes a model of ")]
    [InlineData(new long[] { 24000, 24000 }, "model.hidden is '[24000, 24000]': makes a layer of 576000000 weights; at most ")]
    public void Widths_that_overflow_are_refused_with_their_field(long[] hidden, string message) =>
        Assert.Contains(message, Refused(Mlp(("hidden", hidden))), StringComparison.Ordinal);

    [Fact]
    public void The_half_that_is_too_large_is_named() => Assert.Contains(
        "model.decoderHidden is '[65536, 65536]'", Refused(Mlp(("hidden", [8L]), ("decoderHidden", [65536L, 65536L]))),
        StringComparison.Ordinal);

    [Fact]
    public void Without_hidden_layers_the_latents_are_named() => Assert.Contains(
        "model.latent is '65536'", Refused(Mlp(("hidden", [])), latent: 65536, image: new ImageShape(3, 256, 256)), StringComparison.Ordinal);

    [Theory]
    [InlineData(4096, 4096, 1, 2048, "model.layers is ")]
    [InlineData(4096, 1, 1, 0, "model.layers is 'channels 4096': makes a feature map of 4096×1024×1024")]
    public void Convolutions_that_overflow_are_refused(int channels, int kernel, int stride, int padding, string message)
    {
        IReadOnlyDictionary<string, long> layer = new Dictionary<string, long>
        {
            ["channels"] = channels,
            ["kernel"] = kernel,
            ["stride"] = stride,
            ["padding"] = padding,
        };
        var spec = new MemberSpec("conv", new Dictionary<string, object>
        {
            ["layers"] = (IReadOnlyList<IReadOnlyDictionary<string, long>>)[layer, layer],
            ["hidden"] = (IReadOnlyList<long>)[65536L],
            ["activation"] = "relu",
        });
        Assert.Contains(message, Refused(spec, image: new ImageShape(1, 1024, 1024)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_usual_model_is_made()
    {
        var parameters = new ParameterLayout.Builder();
        _ = ArchitectureFamily.Create(Mlp(("hidden", [400L])), new ArchitectureShape(Image, 20, 40, 1), parameters);
        Assert.Equal((784 * 400) + 400 + (400 * 40) + 40 + (20 * 400) + 400 + (400 * 784) + 784, parameters.Build().Length);
    }

    private static MemberSpec Mlp(params (string Name, long[] Widths)[] lists)
    {
        Dictionary<string, object> values = lists.ToDictionary(list => list.Name, list => (object)(IReadOnlyList<long>)list.Widths);
        values["activation"] = "relu";
        return new MemberSpec("mlp", values);
    }

    private static string Refused(MemberSpec spec, int latent = 10, ImageShape? image = null) => Assert.Throws<BadInputException>(() =>
        ArchitectureFamily.Create(
            spec, new ArchitectureShape(image ?? Image, latent, 2 * latent, 1), new ParameterLayout.Builder())).Message;
}
