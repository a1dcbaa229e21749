using VaeCluster.Core.Parameters;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Reference;

namespace VaeCluster.Evaluation.Tests.Fixtures;

/// <summary>The float64 interpreter as an engine: accurate enough to compare evaluations with formulas.</summary>
internal sealed class ReferenceEngine : IEngine
{
    public string Name => "reference";

    public string Arithmetic => "float64 interpreter";

    public IEngineWeights CreateWeights(ParameterLayout layout) => new Weights(layout.Length);

    public void Dispose()
    {
    }

    private sealed class Weights(int length) : IEngineWeights
    {
        public Memory<float> Flat { get; } = new float[length];

        public int Parts => 1;

        public IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1) => new Program(this, graph, examples);

        public void Prepare(int part)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Program(Weights weights, Graph graph, int examples) : IProgram
    {
        private readonly ReferenceInterpreter _interpreter = new(graph, examples);
        private readonly Dictionary<string, float[]> _inputs =
            graph.Inputs.ToDictionary(input => input.Key, input => new float[examples * input.Value.Size]);

        public int Examples => examples;

        public Span<float> Input(string name) => _inputs[name];

        public void SetScalar(string name, float value) => _interpreter.SetScalar(name, value);

        public void Forward()
        {
            foreach ((string name, float[] values) in _inputs)
                for (int i = 0; i < values.Length; i++)
                    _interpreter.Input(name)[i] = values[i];
            double[] flat = Array.ConvertAll(weights.Flat.ToArray(), value => (double)value);
            _interpreter.Forward(flat);
        }

        public void Backward(Span<float> gradient, bool add) => throw new NotSupportedException("evaluation needs no gradients");

        public ReadOnlySpan<float> Output(string name) => Array.ConvertAll(_interpreter.Output(name).ToArray(), value => (float)value);

        public void Dispose()
        {
        }
    }
}
