namespace VaeCluster.Exchange;

/// <summary>A tensor that waits to be sent.</summary>
/// <param name="Header">Of the whole tensor.</param>
/// <param name="Data">Its elements; the poster leaves them alone until <paramref name="Sent"/> is called.</param>
/// <param name="Sent">Told that it was written, or why not.</param>
internal readonly record struct PendingSend(TensorHeader Header, ReadOnlyMemory<float> Data, Action<Exception?>? Sent)
{
    /// <summary>Bytes of the elements.</summary>
    internal long Bytes => (long)sizeof(float) * Data.Length;
}
