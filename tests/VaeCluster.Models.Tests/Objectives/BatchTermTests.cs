using VaeCluster.Models.Objectives;
using VaeCluster.Models.Reference;

namespace VaeCluster.Models.Tests.Objectives;

/// <summary>Terms over a whole batch: their values by the definitions, in float64, and the limits in which they are the ELBO.</summary>
public sealed class BatchTermTests
{
    private const int Examples = ObjectiveModel.Examples, Latent = ObjectiveModel.Latent;

    [Theory]
    [InlineData("beta-tcvae", "beta", 1.0)]
    [InlineData("info-vae", "lambda", 1.0)]
    public void In_its_neutral_setting_an_objective_is_the_ELBO(string kind, string field, double value)
    {
        Assert.Equal(new ObjectiveModel("vae").Loss(), new ObjectiveModel(kind, (field, value)).Loss(), 1e-4);
        Assert.Equal(
            new ObjectiveModel("vae").Loss(),
            new ObjectiveModel("dip-vae-i", ("lambdaOffDiagonal", 0.0), ("lambdaDiagonal", 0.0)).Loss(), 1e-4);
        Assert.Equal(new ObjectiveModel("ae").Loss(), new ObjectiveModel("wae-mmd", ("lambda", 0.0)).Loss(), 1e-4);
    }

    [Fact]
    public void The_total_correlation_is_that_of_the_mixture_of_the_batch()
    {
        var model = new ObjectiveModel("beta-tcvae", ("beta", 3.0));
        double loss = model.Loss();
        float[] s = model.Measure();
        double total = 0;
        for (int i = 0; i < Examples; i++)
        {
            double joint = 0;
            double[] marginal = new double[Latent];
            for (int j = 0; j < Examples; j++)
            {
                double product = 1;
                for (int k = 0; k < Latent; k++)
                {
                    double density = Density(Z(i, k), Mean(j, k), LogVariance(j, k));
                    product *= density;
                    marginal[k] += density / Examples;
                }

                joint += product / Examples;
            }

            total += Math.Log(joint) - marginal.Sum(Math.Log);
        }

        Assert.Equal(model.Sum("reconstruction") + model.Sum("kl") + (2 * total), loss, 1e-3);

        double Mean(int i, int k) => s[(i * 3 * Latent) + k];
        double LogVariance(int i, int k) => s[(i * 3 * Latent) + Latent + k];
        double Z(int i, int k) => s[(i * 3 * Latent) + (2 * Latent) + k];
        static double Density(double z, double mean, double logVariance) =>
            Math.Exp(-0.5 * (((z - mean) * (z - mean) / Math.Exp(logVariance)) + logVariance + Math.Log(2 * Math.PI)));
    }

    [Theory]
    [InlineData("dip-vae-i")]
    [InlineData("dip-vae-ii")]
    public void The_covariance_is_that_of_the_batch(string kind)
    {
        var model = new ObjectiveModel(kind, ("lambdaOffDiagonal", 3.0), ("lambdaDiagonal", 7.0));
        double loss = model.Loss();
        float[] s = model.Measure();
        double penalty = 0;
        for (int a = 0; a < Latent; a++)
        {
            for (int b = 0; b < Latent; b++)
            {
                double covariance = Average(i => Mean(i, a) * Mean(i, b)) - (Average(i => Mean(i, a)) * Average(i => Mean(i, b)));
                if (a == b && kind == "dip-vae-ii") covariance += Average(i => Math.Exp(s[(i * 2 * Latent) + Latent + a]));
                penalty += a == b ? 7 * (covariance - 1) * (covariance - 1) : 3 * covariance * covariance;
            }
        }

        Assert.Equal(model.Sum("reconstruction") + model.Sum("kl") + (Examples * penalty), loss, 1e-3);

        double Mean(int i, int k) => s[(i * 2 * Latent) + k];
        static double Average(Func<int, double> of) => Enumerable.Range(0, Examples).Average(of);
    }

    [Fact]
    public void Sparsity_is_the_distance_of_the_mean_activity_of_sigmoid_units()
    {
        var model = new ObjectiveModel("ae", ("penalty", "sparse-kl"), ("weight", 3.0), ("rho", 0.2));
        double loss = model.Loss(), penalty = 0;
        float[] s = model.Measure();
        Assert.All(s, unit => Assert.InRange(unit, 0.001f, 0.999f));
        for (int unit = 0; unit < Latent; unit++)
        {
            double mean = Enumerable.Range(0, Examples).Average(i => s[(i * Latent) + unit]);
            penalty += (0.2 * Math.Log(0.2 / mean)) + (0.8 * Math.Log(0.8 / (1 - mean)));
        }

        Assert.Equal(model.Sum("reconstruction") + (Examples * 3 * penalty), loss, 1e-3);
    }

    [Fact]
    public void Absolute_values_are_those_of_each_examples_code()
    {
        var plain = new ObjectiveModel("ae");
        double reconstruction = plain.Loss();
        var bound = new ReferenceInterpreter(plain.Model.Encoder, Examples);
        plain.Training.Input("x").CopyTo(bound.Input("x"));
        bound.Forward(plain.Weights);
        double sum = 0;
        foreach (double value in bound.Output("mean")) sum += Math.Abs(value);
        Assert.Equal(reconstruction + (0.5 * sum), new ObjectiveModel("ae", ("penalty", "l1"), ("weight", 0.5)).Loss(), 1e-6);
    }

    [Theory]
    [InlineData("wae-mmd", "imq")]
    [InlineData("wae-mmd", "rbf")]
    [InlineData("info-vae", "rbf")]
    public void The_discrepancy_leaves_out_the_pairs_of_an_example_with_itself(string kind, string kernel)
    {
        var model = new ObjectiveModel(kind, ("kernel", kernel), ("lambda", 50.0));
        double loss = model.Loss();
        float[] s = model.Measure();
        double discrepancy = 0;
        for (int i = 0; i < Examples; i++)
        {
            for (int j = 0; j < Examples; j++)
            {
                if (i != j) discrepancy += (Kernel(i, 0, j, 0) + Kernel(i, 1, j, 1)) / (Examples * (Examples - 1));
                discrepancy -= 2 * Kernel(i, 0, j, 1) / (Examples * Examples);
            }
        }

        double kl = kind == "info-vae" ? model.Sum("kl") : 0, weight = kind == "info-vae" ? 49 : 50;
        Assert.Equal(model.Sum("reconstruction") + kl + (Examples * weight * discrepancy), loss, 1e-3);

        double Kernel(int i, int first, int j, int second)
        {
            double distance = Enumerable.Range(0, Latent).Sum(k =>
                Math.Pow((double)s[(((i * 2) + first) * Latent) + k] - s[(((j * 2) + second) * Latent) + k], 2));
            return kernel == "rbf"
                ? Math.Exp(-distance / (2 * Latent))
                : new[] { 0.1, 0.2, 0.5, 1, 2, 5, 10 }.Sum(scale => 2 * Latent * scale / ((2 * Latent * scale) + distance));
        }
    }

    [Theory]
    [InlineData("beta-tcvae")]
    [InlineData("dip-vae-ii")]
    [InlineData("info-vae")]
    [InlineData("wae-mmd")]
    public void The_rows_of_a_part_are_those_of_the_whole_and_a_NaN_leaves_slopes_of_zero(string kind)
    {
        var model = new ObjectiveModel(kind);
        BatchCoupling coupling = model.Model.Objective.Coupling!;
        float[] batch = model.Measure();
        int width = coupling.Statistics + 1;
        var whole = new float[Examples * width];
        coupling.Tangent(batch, 1f, 0f, 0, whole);
        var part = new float[2 * width];
        coupling.Tangent(batch, 1f, 0f, 3, part);
        Assert.Equal(whole.AsSpan(3 * width, 2 * width).ToArray(), part);
        Assert.Contains(whole, value => value != 0);

        batch[1] = float.NaN;
        coupling.Tangent(batch, 1f, 0f, 0, whole);
        Assert.All(whole, value => Assert.Equal(0f, value));
    }
}
