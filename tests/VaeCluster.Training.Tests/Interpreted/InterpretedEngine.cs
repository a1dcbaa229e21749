using VaeCluster.Core.Parameters;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Reference;

namespace VaeCluster.Training.Tests.Interpreted;

/// <summary>
/// The float64 interpreter behind the engine interface, rounded to float32. Slow, and independent of the SIMD kernels: what Training promises
/// must hold on any engine. It can be told to give numbers that are not finite.
/// </summary>
public sealed class InterpretedEngine : IEngine
{
    public string Name => "interpreted";

    public string Arithmetic => "interpreted float64";

    /// <summary>Replaces the gradient's first element of any run whose weights satisfy this; sees the flat vector and the step's images.</summary>
    public Func<float[], float[], bool>? Poison { get; init; }

    public IEngineWeights CreateWeights(ParameterLayout layout) => new Weights(this, layout);

    public void Dispose()
    {
    }

    private sealed class Weights(InterpretedEngine engine, ParameterLayout layout) : IEngineWeights
    {
        internal float[] Flat { get; } = new float[layout.Length];

        public int Parts => 1;

        internal InterpretedEngine Engine => engine;

        public IProgram Compile(Graph graph, int examples, bool gradients) => new Program(this, graph, examples);

        public void LoadPart(ReadOnlySpan<float> flat, int part) => flat.CopyTo(Flat);

        public void Dispose()
        {
        }
    }

    private sealed class Program(Weights weights, Graph graph, int examples) : IProgram
    {
        private readonly ReferenceInterpreter _interpreter = new(graph, examples);
        private readonly Dictionary<string, float[]> _inputs = graph.Inputs.ToDictionary(input => input.Key, input => new float[examples * input.Value.Size]);
        private readonly Dictionary<string, float[]> _outputs = [];

        public int Examples => examples;

        public Span<float> Input(string name) => _inputs[name];

        public void SetScalar(string name, float value) => _interpreter.SetScalar(name, value);

        public void Forward()
        {
            foreach ((string name, float[] values) in _inputs)
            {
                Span<double> input = _interpreter.Input(name);
                for (int i = 0; i < values.Length; i++) input[i] = values[i];
            }

            _interpreter.Forward(Array.ConvertAll(weights.Flat, weight => (double)weight));
            foreach (string name in graph.Outputs.Keys) _outputs[name] = [.. _interpreter.Output(name).ToArray().Select(value => (float)value)];
        }

        public void Backward(Span<float> gradient, bool add)
        {
            double[] exact = _interpreter.Backward();
            if (weights.Engine.Poison?.Invoke(weights.Flat, _inputs["x"]) == true) exact[0] = double.NaN;
            for (int i = 0; i < exact.Length; i++) gradient[i] = add ? gradient[i] + (float)exact[i] : (float)exact[i];
        }

        public ReadOnlySpan<float> Output(string name) => _outputs[name];

        public void Dispose()
        {
        }
    }
}
