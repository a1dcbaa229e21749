namespace VaeCluster.Training.InProcess;

/// <summary>Vectors for the nodes of a step's gradient, used again under every assignment.</summary>
internal sealed class GradientPool(int length)
{
    private readonly List<float[]> _vectors = [];
    private int _rented;

    /// <summary>A vector of the whole layout, its content undefined.</summary>
    internal float[] Rent()
    {
        if (_rented == _vectors.Count) _vectors.Add(GC.AllocateUninitializedArray<float>(length, pinned: true));
        return _vectors[_rented++];
    }

    /// <summary>Takes all vectors back; nothing of the last step may be in use.</summary>
    internal void Reset() => _rented = 0;
}
