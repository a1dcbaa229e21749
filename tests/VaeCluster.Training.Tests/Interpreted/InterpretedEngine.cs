using VaeCluster.Core.Parameters;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Reference;

namespace VaeCluster.Training.Tests.Interpreted;

/// <summary>
/// The float64 interpreter behind the engine interface, rounded to float32. Slow, and independent of the SIMD kernels: what Training
/// promises must hold on any engine. It can be told to give numbers that are not finite.
/// </summary>
public sealed class InterpretedEngine : IEngine
{
    public string Name => "interpreted";

    public string Arithmetic => "interpreted float64";

    /// <summary>Replaces the gradient's first element of any run whose weights satisfy this; sees the flat vector and the step's
    /// images.</summary>
    public Func<float[], float[], bool>? Poison { get; init; }

    public IEngineWeights CreateWeights(ParameterLayout layout) => new Weights(this, layout);

    public void Dispose()
    {
    }

    private sealed class Weights(InterpretedEngine engine, ParameterLayout layout) : IEngineWeights
    {
        internal float[] Values { get; } = new float[layout.Length];

        public Memory<float> Flat => Values;

        public int Parts => 1;

        internal InterpretedEngine Engine => engine;

        public IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1) => new Program(this, graph, examples, shards);

        public void Prepare(int part)
        {
        }

        public void Dispose()
        {
        }
    }

    // Each shard is interpreted by itself, and the float32 vectors are added along the tree: the definition that engines are held to.
    private sealed class Program(Weights weights, Graph graph, int examples, int shards) : IProgram
    {
        private readonly ReferenceInterpreter[] _interpreters =
            [.. Enumerable.Range(0, shards).Select(_ => new ReferenceInterpreter(graph, examples / shards))];
        private readonly Dictionary<string, float[]> _inputs =
            graph.Inputs.ToDictionary(input => input.Key, input => new float[examples * input.Value.Size]);
        private readonly Dictionary<string, float[]> _outputs = [];

        public int Examples => examples;

        public Span<float> Input(string name) => _inputs[name];

        public void SetScalar(string name, float value) => Array.ForEach(_interpreters, interpreter => interpreter.SetScalar(name, value));

        public void Forward()
        {
            for (int shard = 0; shard < shards; shard++)
            {
                foreach (string name in _inputs.Keys)
                {
                    Span<double> input = _interpreters[shard].Input(name);
                    ReadOnlySpan<float> values = ImagesOf(name, shard);
                    for (int i = 0; i < values.Length; i++) input[i] = values[i];
                }

                _interpreters[shard].Forward(Array.ConvertAll(weights.Values, weight => (double)weight));
            }

            foreach (string name in graph.Outputs.Keys)
                _outputs[name] = [.. _interpreters.SelectMany(interpreter => interpreter.Output(name).ToArray())
                    .Select(value => (float)value)];
        }

        public void Backward(Span<float> gradient, bool add)
        {
            float[] sum = Gradient(0, shards);
            for (int i = 0; i < sum.Length; i++) gradient[i] = add ? gradient[i] + sum[i] : sum[i];
        }

        public ReadOnlySpan<float> Output(string name) => _outputs[name];

        public void Dispose()
        {
        }

        private float[] Gradient(int first, int count)
        {
            if (count > 1)
                return [.. Gradient(first, count / 2).Zip(Gradient(first + (count / 2), count / 2), (left, right) => left + right)];
            double[] exact = _interpreters[first].Backward();
            if (weights.Engine.Poison?.Invoke(weights.Values, ImagesOf("x", first).ToArray()) == true) exact[0] = double.NaN;
            return Array.ConvertAll(exact, value => (float)value);
        }

        private ReadOnlySpan<float> ImagesOf(string name, int shard)
        {
            int length = _inputs[name].Length / shards;
            return _inputs[name].AsSpan(shard * length, length);
        }
    }
}
