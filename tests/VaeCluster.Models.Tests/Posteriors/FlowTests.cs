using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Reference;
using VaeCluster.Models.Tests.Objectives;

namespace VaeCluster.Models.Tests.Posteriors;

/// <summary>Flows: their Jacobian and its order, and which objectives and priors refuse them.</summary>
public sealed class FlowTests
{
    private const int Latent = 4;

    public static TheoryData<string, int> Flows => new() { { "planar", 1 }, { "planar", 3 }, { "iaf", 1 }, { "iaf", 2 }, { "iaf", 3 } };

    [Theory]
    [MemberData(nameof(Flows))]
    public void The_log_determinant_is_that_of_the_Jacobian_by_finite_differences(string kind, int steps)
    {
        var flow = new Flow(kind, steps);
        for (uint trial = 0; trial < 5; trial++)
        {
            double[] z = Numbers(trial, Latent), context = Numbers(trial + 100, flow.ContextSize);
            double[,] jacobian = flow.Jacobian(z, context);
            Assert.Equal(LogDeterminant(jacobian), flow.Run(z, context).LogDeterminant, 1e-5);
            Assert.NotEqual(0, flow.Run(z, context).LogDeterminant, 1e-6);
        }
    }

    [Fact]
    public void A_dimension_depends_on_those_before_it_and_the_order_turns_round_between_steps()
    {
        double[,] first = new Flow("iaf", 1).Jacobian(Numbers(1, Latent), Numbers(2, 32));
        double[,] both = new Flow("iaf", 2).Jacobian(Numbers(1, Latent), Numbers(2, 32));
        for (int i = 0; i < Latent; i++)
        {
            for (int j = 0; j < Latent; j++)
            {
                if (j > i) Assert.Equal(0, first[i, j], 1e-9);
                else Assert.NotEqual(0, first[i, j], 1e-9);
                Assert.NotEqual(0, both[i, j], 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void The_context_reaches_every_dimension(string kind, int steps)
    {
        var flow = new Flow(kind, steps);
        double[] z = Numbers(1, Latent), one = flow.Run(z, Numbers(2, flow.ContextSize)).Z, other = flow.Run(z, Numbers(3, flow.ContextSize)).Z;
        for (int j = 0; j < Latent; j++) Assert.NotEqual(one[j], other[j], 1e-6);
    }

    [Fact]
    public void A_planar_step_stays_invertible_however_far_its_parameters_point_away()
    {
        var flow = new Flow("planar", 1);
        for (uint trial = 0; trial < 200; trial++)
            Assert.True(double.IsFinite(flow.Run(Numbers(trial, Latent), [.. Numbers(trial + 500, flow.ContextSize).Select(value => 30 * value)])
                .LogDeterminant));
    }

    public static TheoryData<string, string> Pairs => ObjectiveModel.WithEveryObjective(PosteriorFamily.Members);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_objective_takes_a_posterior_or_refuses_it_in_one_line(string posterior, string objective)
    {
        bool fits = posterior == GaussianPosterior.Name || objective is "vae" or "beta-vae" or "iwae" or "miwae" or "ciwae";
        if (fits)
        {
            Assert.True(double.IsFinite(With(posterior, "standard", objective).Loss()));
            return;
        }

        BadInputException fault = Assert.Throws<BadInputException>(() => With(posterior, "standard", objective));
        Assert.Equal(("model.posterior", posterior), (fault.Field, fault.Value));
        Assert.StartsWith($"objective.kind {objective} needs gaussian, for ", fault.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_has_no_vamp_prior_and_no_doubly_reparameterised_gradient()
    {
        Assert.Contains("model.prior vamp needs gaussian", Assert.Throws<BadInputException>(() => With("iaf", "vamp", "vae")).Message,
            StringComparison.Ordinal);
        Assert.Contains("estimator dreg", Assert.Throws<BadInputException>(
            () => With("planar", "standard", "iwae", ("estimator", "dreg"))).Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(With("iaf", "mixture", "vae").Loss()));
    }

    private static ObjectiveModel With(string posterior, string prior, string kind, params (string Field, object Value)[] fields) =>
        new(kind, "none", new MemberSpec(prior), new MemberSpec(posterior), fields);

    private static double[] Numbers(uint salt, int count)
    {
        var numbers = new float[count];
        new RandomStream(1, RandomPurpose.Score, salt, 0).FillNormal(numbers);
        return Array.ConvertAll(numbers, number => (double)number);
    }

    // Gaussian elimination with pivots.
    private static double LogDeterminant(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double sum = 0;
        for (int column = 0; column < size; column++)
        {
            int pivot = Enumerable.Range(column, size - column).MaxBy(row => Math.Abs(matrix[row, column]));
            for (int j = 0; j < size; j++) (matrix[column, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[column, j]);
            sum += Math.Log(Math.Abs(matrix[column, column]));
            for (int row = column + 1; row < size; row++)
            {
                double factor = matrix[row, column] / matrix[column, column];
                for (int j = 0; j < size; j++) matrix[row, j] -= factor * matrix[column, j];
            }
        }

        return sum;
    }

    /// <summary>The steps of a flow alone, in float64.</summary>
    private sealed class Flow
    {
        private readonly ReferenceInterpreter _interpreter;
        private readonly double[] _weights;

        internal Flow(string kind, int steps)
        {
            var parameters = new ParameterLayout.Builder();
            Posterior posterior = PosteriorFamily.Create(
                new MemberSpec(kind, new Dictionary<string, object> { ["steps"] = (long)steps }), Latent, parameters);
            ContextSize = posterior.ContextSize;
            var graph = new GraphBuilder();
            (Node z, Node? logDeterminant) = posterior.Transform(graph, graph.Input("z", Latent), graph.Input("context", ContextSize));
            graph.Output("moved", z);
            graph.Output("logDeterminant", logDeterminant!);
            Graph built = graph.Build(parameters.Build());
            _weights = [.. Numbers(7, Math.Max(1, built.Parameters.Length)).Take(built.Parameters.Length).Select(value => 0.5 * value)];
            _interpreter = new ReferenceInterpreter(built, 1);
        }

        internal int ContextSize { get; }

        internal (double[] Z, double LogDeterminant) Run(double[] z, double[] context)
        {
            z.CopyTo(_interpreter.Input("z"));
            context.CopyTo(_interpreter.Input("context"));
            _interpreter.Forward(_weights);
            return (_interpreter.Output("moved").ToArray(), _interpreter.Output("logDeterminant")[0]);
        }

        internal double[,] Jacobian(double[] z, double[] context)
        {
            const double Step = 1e-6;
            var jacobian = new double[Latent, Latent];
            for (int j = 0; j < Latent; j++)
            {
                double[] up = [.. z], down = [.. z];
                up[j] += Step;
                down[j] -= Step;
                double[] above = Run(up, context).Z, below = Run(down, context).Z;
                for (int i = 0; i < Latent; i++) jacobian[i, j] = (above[i] - below[i]) / (2 * Step);
            }

            return jacobian;
        }
    }
}
