namespace VaeCluster.Models.Engines;

/// <summary>A graph planned for a fixed number of examples. Used by one thread at a time; it never makes threads of its own.</summary>
public interface IProgram : IDisposable
{
    /// <summary>Rows of the batch.</summary>
    int Examples { get; }

    /// <summary>An input's memory, [examples, size] row-major, to be filled before <see cref="Forward"/>.</summary>
    /// <param name="name">A name of the graph's inputs.</param>
    Span<float> Input(string name);

    /// <summary>Sets a number for the next runs; 1 until it is first set.</summary>
    /// <param name="name">A name of the graph's scalars.</param>
    /// <param name="value">Its value.</param>
    void SetScalar(string name, float value);

    /// <summary>Computes every output from the inputs and the loaded weights.</summary>
    void Forward();

    /// <summary>
    /// Told during <see cref="Backward"/>, when it overwrites, that every element of the gradient from this one to the end is final; each call names
    /// a smaller index. What is final can be sent while the rest is computed. An engine that cannot tell never calls it.
    /// </summary>
    Action<int>? GradientFinal
    {
        get => null;
        set => _ = value;
    }

    /// <summary>
    /// Differentiates the sum over the examples of the graph's loss, after <see cref="Forward"/> on the same inputs.
    /// </summary>
    /// <param name="gradient">
    /// A vector of the whole layout. A slice that the graph does not use is set to zero, or left as it is when adding.
    /// </param>
    /// <param name="add">
    /// False: overwrite. True: add the finished gradient to what is there, element by element, which gives the same bits as
    /// writing it elsewhere and adding the two vectors (what is there is the left operand).
    /// </param>
    void Backward(Span<float> gradient, bool add);

    /// <summary>An output's values after <see cref="Forward"/>, [examples, size] row-major; [size] where it is not per example.</summary>
    /// <param name="name">A name of the graph's outputs.</param>
    ReadOnlySpan<float> Output(string name);
}
