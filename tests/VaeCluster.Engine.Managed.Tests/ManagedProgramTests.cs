using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Engine.Managed.Tests.Graphs;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Tests;

[Collection(AloneCollection.Name)]
public sealed class ManagedProgramTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_allocates_nothing(bool sharesParameters)
    {
        Graph graph = Trial.Build((g, p) => Small(g, p, sharesParameters));
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        using IProgram program = weights.Compile(graph, 24, gradients: true, shards: 4);
        var gradient = new float[graph.Parameters.Length];
        Step(program, gradient);

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) Step(program, gradient);
        }));
    }

    [Fact]
    public void Two_programs_over_the_same_weights_run_on_two_threads_with_the_same_results()
    {
        var trial = new Trial((g, p) => Small(g, p, sharesParameters: false));
        Dictionary<string, float[]> alone = trial.Run(KernelWidth.Bits512, 24, 4);
        Graph graph = Trial.Build((g, p) => Small(g, p, sharesParameters: false));
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        using IProgram first = weights.Compile(graph, 24, gradients: true, shards: 4);
        using IProgram second = weights.Compile(graph, 24, gradients: true, shards: 4);
        float[] flat = new float[graph.Parameters.Length];
        trial.CopyWeights(flat);
        weights.Load(flat);
        float[][] gradients = [new float[flat.Length], new float[flat.Length]];
        IProgram[] programs = [first, second];
        Thread[] threads = [.. programs.Select((program, i) => new Thread(() =>
        {
            trial.Fill(program, 0);
            for (int step = 0; step < 50; step++)
            {
                program.Forward();
                program.Backward(gradients[i], add: false);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.All(gradients, gradient => Assert.Equal(Trial.Bits(alone["gradient"]), Trial.Bits(gradient)));
    }

    [Fact]
    public void A_NaN_reaches_the_loss_and_affects_no_other_example()
    {
        Graph graph = Trial.Build((g, p) => Small(g, p, sharesParameters: false));
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        using IProgram program = weights.Compile(graph, 20, gradients: true);
        weights.Flat.Span.Fill(0.01f);
        program.Input("x").Fill(0.5f);
        program.Input("x")[(3 * 40) + 7] = float.NaN;
        program.Forward();
        ReadOnlySpan<float> loss = program.Output("loss");
        for (int example = 0; example < 20; example++) Assert.Equal(example == 3, float.IsNaN(loss[example]));
    }

    [Fact]
    public void Weights_written_in_place_are_used_by_the_next_run()
    {
        Graph graph = Trial.Build((g, p) => Small(g, p, sharesParameters: false));
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        using IProgram program = weights.Compile(graph, 3, gradients: false);
        program.Input("x").Fill(0.5f);
        program.Forward();
        float zero = program.Output("loss")[0];
        weights.Flat.Span.Fill(0.1f);
        for (int part = 0; part < weights.Parts; part++) weights.Prepare(part);
        program.Forward();
        Assert.NotEqual(zero, program.Output("loss")[0]);
    }

    [Fact]
    public void Announced_elements_are_final_and_grow_from_the_last_layer_backwards()
    {
        (float[] gradient, List<(int First, float[] Then)> calls) =
            Announced((g, p) => Small(g, p, sharesParameters: false), examples: 24, shards: 4);
        Assert.Equal([40 * 41, 0], calls.Select(call => call.First));
        Assert.All(calls, call => Assert.Equal(Trial.Bits(gradient[call.First..]), Trial.Bits(call.Then[call.First..])));
        Assert.Contains(calls[0].Then[..calls[0].First], float.IsNaN);
    }

    [Fact]
    public void Rows_of_a_large_layer_become_final_in_parts_with_the_same_bits()
    {
        static Node Large(GraphBuilder g, ParameterLayout.Builder p)
        {
            Node x = g.Input("x", 500);
            Node y = g.Dense(x, p.Add("a.weight", [700, 500], 500), p.Add("a.bias", [700], 500), Activation.Tanh);
            return g.Sum(g.Dense(y, p.Add("b.weight", [3, 700], 700), p.Add("b.bias", [3], 700), Activation.Tanh));
        }

        float[] atOnce = new Trial(Large).Run(KernelWidth.Bits512, 8, 2)["gradient"];
        (_, List<(int First, float[] Then)> calls) = Announced(Large, examples: 8, shards: 2);
        int[] firsts = [.. calls.Select(call => call.First)];
        Assert.All(calls, call => Assert.Equal(Trial.Bits(atOnce[call.First..]), Trial.Bits(call.Then[call.First..])));
        Assert.True(firsts.Length > 3, string.Join(' ', firsts));
        Assert.Equal(firsts.Distinct().OrderDescending(), firsts);
        Assert.Equal(0, firsts[^1]);
    }

    [Fact]
    public void Wrong_arguments_are_refused_before_any_memory_is_touched()
    {
        Graph graph = Trial.Build((g, p) => Small(g, p, sharesParameters: false));
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.Compile(graph, 0, gradients: true));
        Assert.Throws<ArgumentException>(() => weights.Compile(graph, 24, gradients: true, shards: 3));
        Assert.Throws<ArgumentException>(() => weights.Compile(graph, 20, gradients: true, shards: 8));
        Assert.Throws<ArgumentException>(
            () => weights.Compile(Trial.Build((g, p) => Small(g, p, sharesParameters: false)), 4, gradients: true));
        using IProgram forwardOnly = weights.Compile(graph, 4, gradients: false);
        Assert.Throws<InvalidOperationException>(() => forwardOnly.Backward(new float[graph.Parameters.Length], add: false));
        using IProgram program = weights.Compile(graph, 4, gradients: true);
        Assert.Throws<ArgumentException>(() => program.Backward(new float[graph.Parameters.Length - 1], add: false));
        Assert.Throws<ArgumentException>(() => weights.Load(new float[graph.Parameters.Length + 1]));
    }

    [Fact]
    public void The_arithmetic_is_the_same_at_every_width() =>
        Assert.Single(Enum.GetValues<KernelWidth>().Select(width => new ManagedEngine(width).Arithmetic).Distinct());

    // The gradient, and its state at each announcement; NaN where it was not written yet.
    private static (float[] Gradient, List<(int First, float[] Then)> Calls) Announced(
        Func<GraphBuilder, ParameterLayout.Builder, Node> write, int examples, int shards)
    {
        var trial = new Trial(write);
        Graph graph = Trial.Build(write);
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(graph.Parameters);
        using IProgram program = weights.Compile(graph, examples, gradients: true, shards);
        var flat = new float[graph.Parameters.Length];
        trial.CopyWeights(flat);
        weights.Load(flat);
        trial.Fill(program, 0);
        program.Forward();
        var gradient = new float[flat.Length];
        Array.Fill(gradient, float.NaN);
        var calls = new List<(int First, float[] Then)>();
        program.GradientFinal = first => calls.Add((first, [.. gradient]));
        program.Backward(gradient, add: false);
        return (gradient, calls);
    }

    private static void Step(IProgram program, float[] gradient)
    {
        program.Input("x").Fill(0.25f);
        program.SetScalar("beta", 2f);
        program.Forward();
        program.Backward(gradient, add: true);
        _ = program.Output("loss")[0];
    }

    private static Node Small(GraphBuilder g, ParameterLayout.Builder p, bool sharesParameters)
    {
        ParameterSlice weight = p.Add("h.weight", [40, 40], 40), bias = p.Add("h.bias", [40], 40);
        Node hidden = g.Dense(g.Input("x", 40), weight, bias, Activation.Relu);
        if (sharesParameters) hidden = g.Dense(hidden, weight, bias, Activation.Tanh);
        Node image =
            g.Conv2d(g.Reshape(hidden, 2, 4, 5), p.Add("c.weight", [9, 2, 3, 3], 18), p.Add("c.bias", [9], 18), 1, 1, Activation.Relu);
        return g.Scale(g.Sum(g.Unary(UnaryFunction.Square, image)), "beta");
    }
}
