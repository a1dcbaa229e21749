namespace VaeCluster.Core.Specs;

/// <summary>What the model learns from.</summary>
public sealed record DataSpec
{
    /// <summary>The data set (<c>dsprites</c>, <c>mnist</c>, <c>idx</c>, …) with its own fields (<c>path</c>, <c>strides</c>, …); paths are absolute here.</summary>
    public required MemberSpec Dataset { get; init; }

    /// <summary>How grey values become black or white.</summary>
    public Binarization Binarize { get; init; } = Binarization.None;

    /// <summary>Fraction of the training data that is held out, in [0, 1).</summary>
    public double Validation { get; init; }

    /// <summary>Only the first this many examples are used; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>What the training data must be by their content: 64 hexadecimal digits; null: whatever is found.</summary>
    public string? Fingerprint { get; init; }
}
