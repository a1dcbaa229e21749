using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>Fields of the architectures: bad values, and what a default leaves out of a file.</summary>
public sealed class ArchitectureFieldTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("model.normalization=batch", "model.normalization is 'batch': mixes the examples of a batch")]
    [InlineData("model.normalization=batch", "take layer or group")]
    [InlineData("model.normalization=groups", "model.normalization is 'groups': one of none, layer, group; did you mean 'group'?")]
    [InlineData("model.groups=2", "model.groups is '2': belongs to `normalization: group`")]
    [InlineData("model.normalization=layer model.groups=2", "model.groups is '2': belongs to `normalization: group`")]
    [InlineData("model.normalization=group model.groups=0", "model.groups is '0': a whole number from 1 to 65536")]
    [InlineData(
        "model.normalization=group model.groups=3", "model.groups is '3': must divide the channels of every hidden layer; one has 5")]
    [InlineData("model.normalization=group", "model.groups is '8': must divide the channels of every hidden layer; one has 5")]
    [InlineData("model.dropout=1", "model.dropout is '1': a number from 0 and below 1")]
    [InlineData("model.dropout=-0.1", "model.dropout is '-0.1': a number from 0 and below 1")]
    [InlineData("model.activation=swish", "model.activation is 'swish': one of relu, tanh, leaky-relu, softplus, silu")]
    public void A_bad_value_gets_a_line_that_says_what_is_allowed(string settings, string message) => Assert.Contains(
        message, Assert.Throws<BadInputException>(() => VaeModel.Create(_fixture.Spec(settings), new ImageShape(1, 4, 4))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("channels: []", "model.channels is '[]': at least one level")]
    [InlineData("channels: [8, 0]", "model.channels[1] is '0': a list of whole numbers from 1 to 4096")]
    [InlineData("channels: [8, 8, 8, 8]", "model.channels is '[8, 8, 8, 8]': its levels and a stem of 1 divide height and width by 8")]
    [InlineData("channels: [8, 8, 8], stem: 2", "its levels and a stem of 2 divide height and width by 8, and images of ")]
    [InlineData("channels: [8, 12]", "model.groups is '8': must divide the channels of every hidden layer; one has 12")]
    [InlineData("channels: [8], stem: 3", "model.stem is '3': a whole number from 1 to 2")]
    [InlineData("channels: [8], blocks: 0", "model.blocks is '0': a whole number from 1 to 64")]
    [InlineData("channels: [8], upsampling: bilinear", "model.upsampling is 'bilinear': one of nearest, transposed")]
    [InlineData("channels: [8], downsampling: max", "model.downsampling is 'max': one of stride, average")]
    [InlineData("channels: [8], dropout: 1.5", "model.dropout is '1.5': a number from 0 and below 1")]
    public void A_bad_value_of_resnet_gets_a_line_that_says_what_is_allowed(string fields, string message) => Assert.Contains(
        message, Assert.Throws<BadInputException>(
            () => VaeModel.Create(_fixture.Spec(network: $"architecture: resnet, {fields}"), new ImageShape(1, 4, 4))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("channels: [4096, 4096, 4096], blocks: 64", 256, "model.channels is '[4096, 4096, 4096]': makes a ")]
    [InlineData("channels: [4096], groups: 1", 1024, "makes a feature map of 4096 channels and 1048576 positions")]
    public void A_network_that_is_too_large_is_refused_before_it_is_made(string fields, int side, string message) => Assert.Contains(
        message, Assert.Throws<BadInputException>(
            () => VaeModel.Create(_fixture.Spec(network: $"architecture: resnet, {fields}"), new ImageShape(3, side, side))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fields_that_are_not_given_are_not_written()
    {
        string text = RunFile.Write(_fixture.Spec());
        foreach (string field in (string[])["normalization", "groups", "dropout"])
            Assert.DoesNotContain(field, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_dropout_a_graph_has_no_masks_and_none_drops_in_an_evaluation()
    {
        var image = new ImageShape(1, 4, 4);
        Assert.Null(VaeModel.Create(_fixture.Spec(), image).Dropout);
        Assert.Null(VaeModel.Create(_fixture.Spec("model.dropout=0"), image).Dropout);
        VaeModel dropping = VaeModel.Create(_fixture.Spec("model.dropout=0.5"), image);
        Assert.Equal([5, 5], dropping.Dropout!.Masks);
        foreach (var graph in new[] { dropping.Bound, dropping.Encoder, dropping.Decoder, dropping.Likelihood })
            Assert.DoesNotContain("dropout.0", graph.Inputs.Keys);
    }

    [Fact]
    public void A_mask_is_a_function_of_seed_step_and_example_and_keeps_the_mean()
    {
        Dropout dropout = VaeModel.Create(
            _fixture.Spec("model.dropout=0.25 model.hidden=[2000]"), new ImageShape(1, 4, 4)).Dropout!;
        float[] Draw(long seed, int step, int example)
        {
            var masks = new float[dropout.Length];
            dropout.Fill(seed, step, example, masks);
            return masks;
        }

        float[] first = Draw(1, 2, 3);
        Assert.Equal(first, Draw(1, 2, 3));
        Assert.NotEqual(first, Draw(2, 2, 3));
        Assert.NotEqual(first, Draw(1, 3, 3));
        Assert.NotEqual(first, Draw(1, 2, 4));
        Assert.All(first, value => Assert.True(value is 0f || value == 1f / 0.75f));

        // 4,000 draws: the standard deviation of the mean is 0.009.
        Assert.Equal(1, first.Average(), 0.04);
    }
}
