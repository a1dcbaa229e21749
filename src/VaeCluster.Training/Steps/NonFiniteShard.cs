namespace VaeCluster.Training.Steps;

/// <summary>A shard whose loss or gradient is not finite.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Examples">Its examples' indices in the data set.</param>
/// <param name="What">What is not finite: the loss, or a parameter's gradient by name.</param>
public sealed record NonFiniteShard(int Shard, IReadOnlyList<int> Examples, string What)
{
    private const int ExamplesShown = 8;

    /// <inheritdoc/>
    public override string ToString()
    {
        string examples = string.Join(", ", Examples.Take(ExamplesShown));
        string more = Examples.Count > ExamplesShown ? $", … ({Examples.Count} in all)" : string.Empty;
        return $"shard {Shard}: {What} (examples {examples}{more})";
    }
}
