namespace VaeCluster.Models.Engines;

/// <summary>A graph compiled for a fixed number of examples. For one thread at a time; it creates no threads of its own.</summary>
public interface IProgram : IDisposable
{
    /// <summary>Rows of the batch.</summary>
    int Examples { get; }

    /// <summary>An input's memory, [examples, size] row-major, to be filled before <see cref="Forward"/>.</summary>
    /// <param name="name">Name of the input.</param>
    Span<float> Input(string name);

    /// <summary>Sets a scalar for the next runs; its initial value is 1.</summary>
    /// <param name="name">Name of the scalar.</param>
    /// <param name="value">Its value.</param>
    void SetScalar(string name, float value);

    /// <summary>Computes every output from the inputs and the loaded weights.</summary>
    void Forward();

    /// <summary>
    /// Called during <see cref="Backward"/> (when it overwrites) with an index from which on all elements of the gradient are final; each
    /// call has a smaller index. The final part can be sent while the rest is computed. An engine without this ability never calls it.
    /// </summary>
    Action<int>? GradientFinal
    {
        get => null;
        set => _ = value;
    }

    /// <summary>
    /// Computes the gradient of the graph's loss, summed over the examples, after <see cref="Forward"/> on the same inputs.
    /// </summary>
    /// <param name="gradient">
    /// Receives the gradient: a vector of the whole layout. Slices that the graph does not use are set to zero, or left unchanged when
    /// adding.
    /// </param>
    /// <param name="add">
    /// False: overwrite. True: add the finished gradient element by element to the existing values (the left operand), which gives the same
    /// bits as computing it elsewhere and adding the two vectors.
    /// </param>
    void Backward(Span<float> gradient, bool add);

    /// <summary>An output's values after <see cref="Forward"/>, [examples, size] row-major, or [size] if it is not per example.</summary>
    /// <param name="name">Name of the output.</param>
    ReadOnlySpan<float> Output(string name);
}
