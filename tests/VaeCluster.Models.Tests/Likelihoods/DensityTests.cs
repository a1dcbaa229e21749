using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Reference;

namespace VaeCluster.Models.Tests.Likelihoods;

/// <summary>Each likelihood integrates to 1, and its mean is the mean of the density.</summary>
public sealed class DensityTests
{
    [Theory]
    [InlineData(0.3, 0.0)]
    [InlineData(0.3, -2.0)]
    [InlineData(-1.0, 1.0)]
    public void Laplace_integrates_to_one_around_its_location(double location, double logScale)
    {
        double scale = Math.Exp(logScale);
        (double total, double mean) = Integrate("laplace", [location, logScale], location - (40 * scale), location + (40 * scale));
        Assert.Equal(1, total, 1e-4);
        Assert.Equal(location, mean, 1e-4);
    }

    [Fact]
    public void Laplace_with_a_fixed_scale_equals_the_learned_one_at_that_scale()
    {
        double given = LogLikelihood("laplace", [0.4], 0.9, new() { ["scale"] = 0.25 });
        Assert.Equal(LogLikelihood("laplace", [0.4, Math.Log(0.25)], 0.9), given, 1e-6);
        Assert.Equal(-2 - Math.Log(0.5), given, 1e-6);
    }

    // Logits from very low to very high, including λ = ½ and values close to it, where C(λ) is 0/0.
    [Theory]
    [InlineData(-30)]
    [InlineData(-2)]
    [InlineData(-0.06)]
    [InlineData(-0.04)]
    [InlineData(-1e-6)]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(0.049)]
    [InlineData(0.051)]
    [InlineData(1.5)]
    [InlineData(12)]
    public void Continuous_Bernoulli_integrates_to_one_and_its_mean_is_correct(double logit)
    {
        (double total, double mean) = Integrate("continuous-bernoulli", [logit], 0, 1);
        Assert.Equal(1, total, 1e-6);
        Assert.Equal(mean, Mean("continuous-bernoulli", [logit]), 1e-6);
    }

    // C(λ) = 2·artanh(1 − 2λ)/(1 − 2λ), as in the paper.
    [Theory]
    [InlineData(0.1, 0.7)]
    [InlineData(0.9, 0.2)]
    [InlineData(0.499, 0.5)]
    public void Continuous_Bernoulli_matches_the_density_in_the_paper(double lambda, double x)
    {
        double constant = 2 * Math.Atanh(1 - (2 * lambda)) / (1 - (2 * lambda));
        double expected = (x * Math.Log(lambda)) + ((1 - x) * Math.Log(1 - lambda)) + Math.Log(constant);
        Assert.Equal(expected, LogLikelihood("continuous-bernoulli", [Math.Log(lambda / (1 - lambda))], x), 1e-9);
    }

    [Fact]
    public void Continuous_Bernoulli_at_one_half_is_uniform() => Assert.Equal(0, LogLikelihood("continuous-bernoulli", [0], 0.3), 1e-15);

    [Theory]
    [InlineData(0.5, -3)]
    [InlineData(0.0, -1)]
    [InlineData(1.3, -6)]
    [InlineData(-2.0, 0.5)]
    [InlineData(0.5, 4)]
    public void Discretized_logistic_sums_to_one_over_the_levels(double location, double logScale)
    {
        double sum = 0;
        for (int level = 0; level < 256; level++)
            sum += Math.Exp(LogLikelihood("discretized-logistic", [location, logScale], level / 255.0));
        Assert.Equal(1, sum, 1e-9);
    }

    [Fact]
    public void Discretized_logistic_is_a_difference_of_distribution_functions()
    {
        const double Location = 0.4, Scale = 0.05;
        static double F(double x) => 1 / (1 + Math.Exp(-(x - Location) / Scale));
        double[] outputs = [Location, Math.Log(Scale)];
        Assert.Equal(Math.Log(F(100.5 / 255) - F(99.5 / 255)), LogLikelihood("discretized-logistic", outputs, 100 / 255.0), 1e-9);
        Assert.Equal(Math.Log(F(0.5 / 255)), LogLikelihood("discretized-logistic", outputs, 0), 1e-9);
        Assert.Equal(Math.Log(1 - F(254.5 / 255)), LogLikelihood("discretized-logistic", outputs, 1), 1e-9);
    }

    [Theory]
    [InlineData("laplace")]
    [InlineData("discretized-logistic")]
    public void A_scale_below_the_floor_is_raised_to_the_floor(string likelihood)
    {
        Dictionary<string, object> fields = new() { ["scaleFloor"] = 0.1 };
        Assert.Equal(LogLikelihood(likelihood, [0.4, Math.Log(0.1)], 0.5, fields), LogLikelihood(likelihood, [0.4, -9], 0.5, fields), 1e-6);
    }

    private static (double Total, double Mean) Integrate(string likelihood, double[] outputs, double from, double to)
    {
        // Midpoint rule with an even number of cells, so that a peak in the middle of the interval is at a cell boundary.
        const int Cells = 20_000;
        double width = (to - from) / Cells, total = 0, mean = 0;
        for (int i = 0; i < Cells; i++)
        {
            double x = from + ((i + 0.5) * width), mass = Math.Exp(LogLikelihood(likelihood, outputs, x)) * width;
            total += mass;
            mean += x * mass;
        }

        return (total, mean);
    }

    private static double LogLikelihood(string name, double[] outputs, double x, Dictionary<string, object>? fields = null)
    {
        ReferenceInterpreter interpreter =
            Interpreter((name, string.Join(' ', (fields ?? []).Select(pair => $"{pair.Key}={pair.Value}"))), fields);
        outputs.CopyTo(interpreter.Input("decoded"));
        interpreter.Input("x")[0] = x;
        interpreter.Forward([]);
        return interpreter.Output("logLikelihood")[0];
    }

    private static double Mean(string name, double[] outputs)
    {
        ReferenceInterpreter interpreter = Interpreter((name, string.Empty), null);
        outputs.CopyTo(interpreter.Input("decoded"));
        interpreter.Forward([]);
        return interpreter.Output("mean")[0];
    }

    [ThreadStatic]
    private static Dictionary<(string, string), ReferenceInterpreter>? _interpreters;

    private static ReferenceInterpreter Interpreter((string Name, string Fields) key, Dictionary<string, object>? fields)
    {
        _interpreters ??= [];
        if (_interpreters.TryGetValue(key, out ReferenceInterpreter? known)) return known;
        var parameters = new ParameterLayout.Builder();
        MemberSpec spec = Member.Complete(LikelihoodFamily.Members, new MemberSpec(key.Name, fields ?? []));
        Likelihood likelihood = LikelihoodFamily.Create(spec, parameters);
        var graph = new GraphBuilder();
        Node decoded = graph.Input("decoded", likelihood.OutputsPerPixel), x = graph.Input("x", 1);
        graph.Output("logLikelihood", likelihood.LogLikelihood(graph, decoded, x));
        graph.Output("mean", likelihood.Mean(graph, decoded, 1));
        return _interpreters[key] = new ReferenceInterpreter(graph.Build(parameters.Build()), 1);
    }
}
