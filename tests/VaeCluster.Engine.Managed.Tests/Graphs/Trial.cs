using VaeCluster.Core.Parameters;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Reference;

namespace VaeCluster.Engine.Managed.Tests.Graphs;

/// <summary>
/// A graph with weights and inputs that are pure functions of their position, so that parts of a batch can be run separately.
/// </summary>
public sealed partial class Trial
{
    private const float Beta = 1.5f;

    private readonly Graph _graph;
    private readonly float[] _weights;

    public Trial(Graph graph)
    {
        _graph = graph;
        _weights = new float[graph.Parameters.Length];
        foreach (ParameterSlice slice in graph.Parameters.Slices)
        {
            float bound = 1f / MathF.Sqrt(Math.Max(1, slice.FanIn));
            for (int i = 0; i < slice.Length; i++) _weights[slice.Offset + i] = ((2f * Uniform(slice.Offset + i, 7)) - 1f) * bound;
        }
    }

    public Trial(Func<GraphBuilder, ParameterLayout.Builder, Node> write)
        : this(Build(write))
    {
    }

    public static Graph Build(Func<GraphBuilder, ParameterLayout.Builder, Node> write)
    {
        var builder = new GraphBuilder();
        var parameters = new ParameterLayout.Builder();
        Node loss = write(builder, parameters);
        builder.Output("loss", loss);
        return builder.Build(parameters.Build(), loss);
    }

    public float[] Start(float scale) => [.. _weights.Select((_, i) => scale * Uniform(i, 9))];

    public void CopyWeights(Span<float> flat) => _weights.CopyTo(flat);

    /// <summary>Every output by name, and the gradient under "gradient".</summary>
    public Dictionary<string, float[]> Run(IEngine engine, int examples, int shards = 1, int firstExample = 0, float[]? addTo = null)
    {
        using IEngineWeights weights = engine.CreateWeights(_graph.Parameters);
        using IProgram program = weights.Compile(_graph, examples, gradients: true, shards);
        weights.Load(_weights);
        Fill(program, firstExample);
        program.Forward();
        float[] gradient = addTo is null ? [.. Enumerable.Repeat(float.NaN, _weights.Length)] : [.. addTo];
        program.Backward(gradient, add: addTo is not null);
        var result = _graph.Outputs.Keys.ToDictionary(name => name, name => program.Output(name).ToArray());
        result.Add("gradient", gradient);
        return result;
    }

    public Dictionary<string, double[]> RunReference(int examples)
    {
        var reference = new ReferenceInterpreter(_graph, examples);
        foreach (string input in _graph.Inputs.Keys)
        {
            Span<double> values = reference.Input(input);
            for (int i = 0; i < values.Length; i++) values[i] = Uniform(i, Salt(input));
        }

        foreach (string scalar in _graph.Scalars) reference.SetScalar(scalar, Beta);
        reference.Forward([.. _weights.Select(weight => (double)weight)]);
        var result = _graph.Outputs.Keys.ToDictionary(name => name, name => reference.Output(name).ToArray());
        result.Add("gradient", reference.Backward());
        return result;
    }

    /// <summary>
    /// Compares float32 with float64: outputs relative to their size, gradients relative to the largest of their parameter.
    /// </summary>
    public void AssertAgreesWithReference(IEngine engine, int examples, int shards, double tolerance = 2e-5)
    {
        Dictionary<string, float[]> actual = Run(engine, examples, shards);
        foreach ((string name, double[] expected) in RunReference(examples))
        {
            if (name == "gradient")
            {
                foreach (ParameterSlice slice in _graph.Parameters.Slices)
                    AssertClose(
                        expected.AsSpan(slice.Offset, slice.Length), actual[name].AsSpan(slice.Offset, slice.Length), tolerance,
                        slice.Name);
                continue;
            }

            AssertClose(expected, actual[name], tolerance, name);
        }
    }

    /// <summary>Compares the whole batch with every shard run alone and added along the tree, bit for bit.</summary>
    public void AssertShardsAddUp(IEngine engine, int examples, int shards)
    {
        Dictionary<string, float[]> whole = Run(engine, examples, shards);
        int rows = examples / shards;
        Dictionary<string, float[]>[] parts = [.. Enumerable.Range(0, shards).Select(shard => Run(engine, rows, 1, shard * rows))];
        Assert.Equal(Bits(Tree([.. parts.Select(part => part["gradient"])])), Bits(whole["gradient"]));
        foreach (string name in _graph.Outputs.Keys.Where(name => _graph.Outputs[name].PerExample))
            Assert.Equal(Bits(parts.SelectMany(part => part[name])), Bits(whole[name]));
    }

    public static int[] Bits(IEnumerable<float> values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    internal void Fill(IProgram program, int firstExample)
    {
        foreach ((string name, Node input) in _graph.Inputs)
        {
            Span<float> values = program.Input(name);
            for (int i = 0; i < values.Length; i++) values[i] = Uniform((firstExample * input.Size) + i, Salt(name));
        }

        foreach (string scalar in _graph.Scalars) program.SetScalar(scalar, Beta);
    }

    private static float[] Tree(float[][] parts)
    {
        if (parts.Length == 1) return parts[0];
        float[] left = Tree(parts[..(parts.Length / 2)]), right = Tree(parts[(parts.Length / 2)..]);
        return [.. left.Zip(right, (a, b) => a + b)];
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1e-3;
        foreach (double value in expected) scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= tolerance * scale, $"{what}[{i}] is {actual[i]} where the reference has {expected[i]} (largest {scale})");
        }
    }

    private static int Salt(string name) => name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    private static float Uniform(int index, int salt)
    {
        uint h = unchecked(((uint)index * 2654435761u) ^ ((uint)salt * 2246822519u));
        h = unchecked((h ^ (h >> 15)) * 2246822519u);
        h = unchecked((h ^ (h >> 13)) * 3266489917u);
        return ((h ^ (h >> 16)) >> 8) * (1f / (1 << 24));
    }
}
