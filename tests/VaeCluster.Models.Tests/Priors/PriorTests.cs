using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Priors;
using VaeCluster.Models.Tests.Objectives;

namespace VaeCluster.Models.Tests.Priors;

/// <summary>Learned priors: what they start as, where they meet N(0, I), and which objectives refuse them.</summary>
public sealed class PriorTests
{
    [Fact]
    public void A_mixture_of_standard_normals_gives_the_estimated_KL_of_N_0_I()
    {
        var plain = new ObjectiveModel("vae", ("kl", "monte-carlo"), ("samples", 3L));
        ObjectiveModel mixture = With("mixture", "vae", ("samples", 3L));
        plain.Weights.CopyTo(mixture.Weights, 0);
        foreach (ParameterSlice slice in mixture.Model.Layout.Slices.Where(slice => slice.Name.StartsWith("prior", StringComparison.Ordinal)))
            Array.Clear(mixture.Weights, slice.Offset, slice.Length);
        Assert.Equal(plain.Loss(), mixture.Loss(), 1e-6);
        Assert.NotEqual(plain.Loss(), With("mixture", "vae", ("samples", 3L)).Loss(), 1e-3);
    }

    [Fact]
    public void A_vamp_prior_of_the_image_itself_leaves_no_KL_in_expectation()
    {
        // One pseudo-input that is the example: p(z) = q(z|x), so log q(z|x) − log p(z) is 0 for every sample.
        ObjectiveModel vamp = With("vamp", "vae", ("samples", 1L));
        ParameterSlice inputs = vamp.Model.Layout["prior.pseudo_inputs"];
        Span<double> images = vamp.Training.Input("x");
        for (int i = 0; i < images.Length; i++) images[i] = 0.1 + (0.08 * (i % 9));
        for (int i = 0; i < inputs.Length; i++)
        {
            double pixel = images[i % 9];
            vamp.Weights[inputs.Offset + i] = Math.Log(pixel / (1 - pixel));
        }

        vamp.Loss();
        foreach (double kl in vamp.Training.Output("kl")) Assert.Equal(0, kl, 1e-9);
    }

    [Fact]
    public void Pseudo_inputs_begin_around_the_mean_image_and_differ()
    {
        VaeModel model = With("vamp", "vae").Model;
        Assert.True(model.NeedsMeanImage);
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, 5, [0, 0, 0, 0, 0.5f, 0, 1, 1, 1]);
        ParameterSlice slice = model.Layout["prior.pseudo_inputs"];
        for (int i = 0; i < slice.Length; i++)
        {
            float logit = weights[slice.Offset + i];
            (float from, float to) = (i % 9) switch { < 4 or 5 => (-6f, -1.8f), 4 => (-2f, 2f), _ => (1.8f, 6f) };
            Assert.InRange(logit, from, to);
        }

        Assert.NotEqual(weights[slice.Offset], weights[slice.Offset + 9]);
    }

    [Fact]
    public void A_prior_adds_its_parameters_behind_all_others()
    {
        ParameterLayout plain = new ObjectiveModel("vae").Model.Layout, mixture = With("mixture", "vae").Model.Layout;
        Assert.Equal(plain.Slices.Select(slice => (slice.Name, slice.Offset)), mixture.Slices.Take(plain.Slices.Count)
            .Select(slice => (slice.Name, slice.Offset)));
        Assert.Equal(["prior.mean", "prior.log_variance", "prior.logit"], mixture.Slices.Skip(plain.Slices.Count).Select(slice => slice.Name));
    }

    public static TheoryData<string, string> Pairs => ObjectiveModel.WithEveryObjective(PriorFamily.Members);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_objective_takes_a_prior_or_refuses_it_in_one_line(string prior, string objective)
    {
        bool fits = prior == StandardPrior.Name || objective is "vae" or "beta-vae" or "iwae" or "miwae" or "ciwae" or "piwae";
        if (fits)
        {
            Assert.True(double.IsFinite(With(prior, objective).Loss()));
            return;
        }

        BadInputException fault = Assert.Throws<BadInputException>(() => With(prior, objective));
        Assert.Equal(("model.prior", prior), (fault.Field, fault.Value));
        Assert.StartsWith($"objective.kind {objective} needs standard, for ", fault.Allowed, StringComparison.Ordinal);
    }

    private static ObjectiveModel With(string prior, string kind, params (string Field, object Value)[] fields) => new(
        kind, "none", prior == StandardPrior.Name
            ? new MemberSpec(prior)
            : new MemberSpec(prior, new Dictionary<string, object> { ["components"] = 3L }), fields);
}
