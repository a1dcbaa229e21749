using VaeCluster.Data;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>Judges weights on held-out data while a run goes on and at its end.</summary>
public interface IEvaluator : IDisposable
{
    /// <summary>Means over a split.</summary>
    /// <param name="weights">The flat vector; not changed while the call runs.</param>
    /// <param name="split">The examples.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="epoch">Epochs that the weights have seen.</param>
    /// <param name="cancellation">Ends the call early.</param>
    EvaluationRecord Evaluate(ReadOnlyMemory<float> weights, Split split, int step, int epoch, CancellationToken cancellation);
}
