using VaeCluster.Core;

namespace VaeCluster.Models.Tests.Objectives;

/// <summary>Objectives that couple the batch, and their variants that do not: the value and gradient are those of the whole term.</summary>
public sealed class CouplingTests
{
    private static readonly (string, object) Example = ("of", "example");

    [Fact]
    public void Capacity_of_the_batch_mean_uses_the_distance_of_the_mean_KL()
    {
        foreach (double capacity in new[] { 0.0, 0.4, 50.0 })
        {
            var model = new ObjectiveModel("capacity") { Beta = 3, Capacity = capacity };
            double loss = model.Loss();
            double expected = model.Sum("reconstruction") + (3 * Math.Abs(model.Sum("kl") - (ObjectiveModel.Examples * capacity)));
            Assert.Equal(expected, loss, 1e-4 * Math.Abs(expected));
        }
    }

    [Fact]
    public void Capacity_of_each_example_uses_the_mean_distance()
    {
        var model = new ObjectiveModel("capacity", Example) { Beta = 3, Capacity = 0.5 };
        model.Loss();
        for (int i = 0; i < ObjectiveModel.Examples; i++)
        {
            double expected = model.Training.Output("reconstruction")[i] + (3 * Math.Abs(model.Training.Output("kl")[i] - 0.5));
            Assert.Equal(expected, model.Training.Output("loss")[i], 1e-6);
        }
    }

    // If some examples are above the capacity and some below, |mean − C| is smaller than the mean distance, so the definitions differ.
    [Fact]
    public void The_two_definitions_of_capacity_differ()
    {
        var mean = new ObjectiveModel("capacity");
        mean.Loss();
        double capacity = mean.Sum("kl") / ObjectiveModel.Examples;
        double ofMean = new ObjectiveModel("capacity") { Beta = 1, Capacity = capacity }.Loss();
        double ofExamples = new ObjectiveModel("capacity", Example) { Beta = 1, Capacity = capacity }.Loss();
        Assert.True(ofExamples > ofMean + 0.01, $"{ofExamples} and {ofMean}");
    }

    [Theory]
    [InlineData("capacity", 0.1)]
    [InlineData("capacity", 40)]
    [InlineData("free-bits", 0)]
    [InlineData("beta-tcvae", 0)]
    [InlineData("dip-vae-i", 0)]
    [InlineData("dip-vae-ii", 0)]
    [InlineData("info-vae", 0)]
    [InlineData("wae-mmd", 0)]
    [InlineData("ae", 0)]
    public void The_gradient_with_the_tangent_equals_that_of_the_coupled_loss(string kind, double capacity)
    {
        (string, object)[] fields = kind switch
        {
            "free-bits" => [("lambda", 0.3)],
            "dip-vae-i" or "dip-vae-ii" => [("lambdaOffDiagonal", 1.0), ("lambdaDiagonal", 0.2)],
            "info-vae" => [("lambda", 3.0)],
            "ae" => [("penalty", "sparse-kl"), ("weight", 3.0)],
            _ => [],
        };
        var model = new ObjectiveModel(kind, fields) { Beta = 2, Capacity = capacity };
        model.Loss();
        double[] gradient = model.Training.Backward();
        for (int i = 0; i < gradient.Length; i += 7)
        {
            const double Step = 3e-3;
            double kept = model.Weights[i];
            model.Weights[i] = kept + Step;
            double above = model.Loss();
            model.Weights[i] = kept - Step;
            double below = model.Loss();
            model.Weights[i] = kept;
            double expected = (above - below) / (2 * Step);

            // The exchanged statistics are float32, whose rounding affects the difference quotient.
            Assert.Equal(expected, gradient[i], 5e-3 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Free_bits_penalise_the_mean_KL_of_a_dimension_above_lambda()
    {
        var plain = new ObjectiveModel("free-bits", ("lambda", 0.0));
        float[] kl = plain.Measure();
        double[] means = [.. Enumerable.Range(0, ObjectiveModel.Latent).Select(
            j => kl.Where((_, i) => i % ObjectiveModel.Latent == j).Average())];
        double lambda = (means.Order().ElementAt(1) + means.Order().ElementAt(2)) / 2;
        var model = new ObjectiveModel("free-bits", ("lambda", lambda));
        double loss = model.Loss();
        double expected = model.Sum("reconstruction") + (ObjectiveModel.Examples * means.Sum(mean => Math.Max(lambda, mean)));
        Assert.Equal(expected, loss, 1e-4);
    }

    [Fact]
    public void Free_bits_of_groups_penalise_the_sum_of_a_group()
    {
        float[] kl = new ObjectiveModel("free-bits").Measure();
        double first = 0, second = 0;
        for (int i = 0; i < kl.Length; i++)
        {
            if (i % ObjectiveModel.Latent < 2) first += kl[i] / ObjectiveModel.Examples;
            else second += kl[i] / ObjectiveModel.Examples;
        }

        double lambda = (first + second) / 2;
        var model = new ObjectiveModel("free-bits", ("lambda", lambda), ("groupSize", 2L));
        double loss = model.Loss();
        Assert.Equal(
            model.Sum("reconstruction") + (ObjectiveModel.Examples * (Math.Max(first, lambda) + Math.Max(second, lambda))), loss, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Free_bits_of_each_example_penalise_its_own_groups(long groupSize)
    {
        float[] kl = new ObjectiveModel("free-bits").Measure();
        const double Lambda = 0.2;
        var model = new ObjectiveModel("free-bits", ("lambda", Lambda), ("groupSize", groupSize), Example);
        model.Loss();
        for (int i = 0; i < ObjectiveModel.Examples; i++)
        {
            double charged = kl.AsSpan(i * ObjectiveModel.Latent, ObjectiveModel.Latent).ToArray().Chunk((int)groupSize)
                .Sum(group => Math.Max(Lambda, group.Sum(value => (double)value)));
            Assert.Equal(model.Training.Output("reconstruction")[i] + charged, model.Training.Output("loss")[i], 1e-5);
        }
    }

    [Fact]
    public void A_lambda_of_zero_gives_the_ELBO()
    {
        foreach ((string, object)[] fields in new (string, object)[][] { [("lambda", 0.0)], [("lambda", 0.0), Example] })
            Assert.Equal(new ObjectiveModel("vae").Loss(), new ObjectiveModel("free-bits", fields).Loss(), 1e-4);
    }

    [Fact]
    public void The_capacity_rises_to_its_final_value_and_stays_there()
    {
        Models.Objectives.Objective objective = new ObjectiveModel("capacity", ("from", 1.0), ("to", 5.0), ("steps", 4L)).Model.Objective;
        Assert.Equal([1.0, 2.0, 3.0, 4.0, 5.0, 5.0], Enumerable.Range(0, 6).Select(step => objective.CapacityAt(step, 100)!.Value));
        Assert.Equal(12.5, new ObjectiveModel("capacity").Model.Objective.CapacityAt(50, 100));
        Assert.Null(new ObjectiveModel("vae").Model.Objective.CapacityAt(0, 1));
    }

    [Fact]
    public void An_example_with_a_NaN_KL_does_not_affect_the_tangent()
    {
        foreach (string kind in new[] { "capacity", "free-bits" })
        {
            Models.Objectives.BatchCoupling coupling = new ObjectiveModel(kind).Model.Objective.Coupling!;
            var batch = new float[ObjectiveModel.Examples * coupling.Statistics];
            batch[0] = float.NaN;
            var rows = new float[ObjectiveModel.Examples * (coupling.Statistics + 1)];
            coupling.Tangent(batch, 1f, 2f, 0, rows);
            Assert.All(rows, value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void A_group_size_that_does_not_divide_the_latents_is_refused()
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => new ObjectiveModel("free-bits", ("groupSize", 3L)));
        Assert.Contains("objective.groupSize", fault.Message, StringComparison.Ordinal);
        Assert.Contains("a divisor of the 4 dimensions of model.latent", fault.Message, StringComparison.Ordinal);
    }
}
