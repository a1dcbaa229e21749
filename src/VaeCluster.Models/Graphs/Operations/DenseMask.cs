namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// Which weights of a fully connected layer count: input i reaches output o if the degree of i is at most that of o. The others are
/// taken as 0, and their gradient is 0. Source: Germain et al., MADE: masked autoencoder for distribution estimation (2015).
/// </summary>
/// <param name="inputs">The degree of each input.</param>
/// <param name="outputs">The degree of each output.</param>
public sealed class DenseMask(IReadOnlyList<int> inputs, IReadOnlyList<int> outputs)
{
    /// <summary>Whether an input reaches an output.</summary>
    /// <param name="output">Index of the output.</param>
    /// <param name="input">Index of the input.</param>
    public bool Allows(int output, int input) => inputs[input] <= outputs[output];

    /// <summary>1 for each weight that counts and 0 for the others, [outputs, inputs].</summary>
    public float[] ToArray()
    {
        var values = new float[outputs.Count * inputs.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Allows(i / inputs.Count, i % inputs.Count) ? 1f : 0f;
        return values;
    }

    /// <summary>Whether it is one of a layer of this size.</summary>
    /// <param name="outputCount">Outputs of the layer.</param>
    /// <param name="inputCount">Inputs of the layer.</param>
    internal bool Fits(int outputCount, int inputCount) => outputs.Count == outputCount && inputs.Count == inputCount;
}
