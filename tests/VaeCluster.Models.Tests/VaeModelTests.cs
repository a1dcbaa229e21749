using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Reference;

namespace VaeCluster.Models.Tests;

public sealed class VaeModelTests
{
    private static readonly ImageShape Image = new(1, 6, 6);

    [Fact]
    public void Parameters_have_PyTorch_names_and_fill_the_vector_without_gaps()
    {
        ParameterLayout layout = Create("vae", "gaussian-shared", [12, 8]).Layout;

        Assert.Equal(
            ["encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias", "encoder.2.weight", "encoder.2.bias",
             "decoder.0.weight", "decoder.0.bias", "decoder.1.weight", "decoder.1.bias", "decoder.2.weight", "decoder.2.bias",
             "likelihood.log_variance"],
            layout.Slices.Select(slice => slice.Name));
        Assert.Equal([6, 8], layout["encoder.2.weight"].Shape);
        Assert.Equal([36, 12], layout["decoder.2.weight"].Shape);
        int end = 0;
        foreach (ParameterSlice slice in layout.Slices)
        {
            Assert.Equal(end, slice.Offset);
            end += slice.Length;
        }

        Assert.Equal(layout.Length, end);
    }

    [Fact]
    public void A_plain_autoencoder_has_no_variance_and_ignores_the_noise()
    {
        VaeModel model = Create("ae", "bernoulli", [8]);
        Assert.Equal([3, 8], model.Layout["encoder.1.weight"].Shape);
        double[] weights = Initial(model);
        double without = Loss(model, weights, noise: 0), with = Loss(model, weights, noise: 2);
        Assert.Equal(without, with);
        Assert.NotEqual(Loss(Create("vae", "bernoulli", [8]), Initial(Create("vae", "bernoulli", [8])), 0), Loss(
            Create("vae", "bernoulli", [8]), Initial(Create("vae", "bernoulli", [8])), 2));
    }

    [Fact]
    public void Initial_values_are_uniform_within_the_inverse_root_of_the_fan_in()
    {
        VaeModel model = Create("vae", "bernoulli", [64]);
        double[] weights = Initial(model);
        ParameterSlice slice = model.Layout["encoder.0.weight"];
        double[] values = weights[slice.Offset..(slice.Offset + slice.Length)];
        double bound = 1 / 6.0;
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(values.Max(), 0.98 * bound, bound);
        Assert.InRange(values.Average(), -0.005, 0.005);
        Assert.InRange(values.Average(value => value * value), 0.95 * bound * bound / 3, 1.05 * bound * bound / 3);
    }

    [Fact]
    public void Normalised_beta_is_scaled_by_pixels_over_latents()
    {
        Assert.Equal(4.0, Create("beta-vae", "bernoulli", [8]).Beta);
        Assert.Equal(4.0 * 36 / 3, Create("beta-vae", "bernoulli", [8], normalized: true).Beta);
    }

    [Theory]
    [InlineData("bernoulli")]
    [InlineData("gaussian")]
    [InlineData("gaussian-shared")]
    [InlineData("gaussian-fixed")]
    [InlineData("laplace")]
    [InlineData("continuous-bernoulli")]
    [InlineData("discretized-logistic")]
    public void With_an_output_bias_from_the_data_a_decoder_of_zero_weights_gives_the_mean_image(string likelihood)
    {
        VaeModel model = Create("vae", likelihood, [8], bias: OutputBias.DataMean);
        var mean = new float[36];
        for (int i = 0; i < mean.Length; i++) mean[i] = (i + 1) / 40f;
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, 1, mean);
        model.Layout["decoder.1.weight"].Of(weights.AsSpan()).Clear();

        var decoder = new ReferenceInterpreter(model.Decoder, 1);
        decoder.Forward(Array.ConvertAll(weights, weight => (double)weight));
        for (int i = 0; i < mean.Length; i++) Assert.Equal(mean[i], decoder.Output("mean")[i], 1e-6);
    }

    [Fact]
    public void The_loss_is_the_reconstruction_plus_beta_times_the_kl()
    {
        VaeModel model = Create("beta-vae", "gaussian", [8]);
        var interpreter = Run(model, Initial(model), 1);
        for (int i = 0; i < 2; i++)
            Assert.Equal(interpreter.Output("reconstruction")[i] + (4 * interpreter.Output("kl")[i]), interpreter.Output("loss")[i], 1e-9);
    }

    [Fact]
    public void The_bound_of_every_objective_is_the_ELBO()
    {
        VaeModel model = Create("beta-vae", "bernoulli", [8]);
        double[] weights = Initial(model);
        ReferenceInterpreter training = Run(model, weights, 1);
        var bound = new ReferenceInterpreter(model.Bound, 2);
        bound.Input("x").Fill(0.25);
        bound.Input("noise").Fill(1);
        bound.Forward(weights);
        Assert.Equal(training.Output("reconstruction").ToArray(), bound.Output("reconstruction").ToArray());
        Assert.Equal(training.Output("kl").ToArray(), bound.Output("kl").ToArray());
        Assert.Equal(bound.Output("kl")[0], bound.Output("klPerDimension")[..3].ToArray().Sum(), 1e-12);
    }

    private static ReferenceInterpreter Run(VaeModel model, double[] weights, double noise)
    {
        var interpreter = new ReferenceInterpreter(model.Training, 2);
        interpreter.Input("x").Fill(0.25);
        interpreter.Input("noise").Fill(noise);
        if (model.Training.Scalars.Count > 0) interpreter.SetScalar("beta", model.Beta);
        interpreter.Forward(weights);
        return interpreter;
    }

    private static double Loss(VaeModel model, double[] weights, double noise) => Run(model, weights, noise).Output("loss")[0];

    private static double[] Initial(VaeModel model)
    {
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, 3, []);
        return Array.ConvertAll(weights, weight => (double)weight);
    }

    private static VaeModel Create(
        string kind, string likelihood, long[] hidden, bool normalized = false, OutputBias bias = OutputBias.Default) =>
        VaeModel.Create(
            new RunSpec
            {
                Data = new DataSpec { Dataset = new MemberSpec("idx") },
                Model = new ModelSpec
                {
                    Architecture = new MemberSpec(
                        "mlp", new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)hidden, ["activation"] = "tanh" }),
                    Likelihood = new MemberSpec(
                        likelihood, new Dictionary<string, object> { ["varianceFloor"] = 1e-4, ["scaleFloor"] = 1e-3, ["sigma"] = 1.0 }),
                    Latent = 3,
                    OutputBias = bias,
                },
                Objective = new ObjectiveSpec
                {
                    Kind = new MemberSpec(
                    kind, new Dictionary<string, object> { ["beta"] = kind == "vae" ? 1.0 : 4.0, ["normalized"] = normalized })
                },
            },
            Image);
}
