namespace VaeCluster.Core.Specs;

/// <summary>The training data.</summary>
public sealed record DataSpec
{
    /// <summary>
    /// The data set (<c>dsprites</c>, <c>mnist</c>, <c>idx</c>, …) with its own fields (<c>path</c>, <c>strides</c>, …); paths are absolute
    /// here.
    /// </summary>
    public required MemberSpec Dataset { get; init; }

    /// <summary>How grey values are binarised.</summary>
    public Binarization Binarize { get; init; } = Binarization.None;

    /// <summary>
    /// Noise on what the encoder sees in training, by kind (<c>none</c>, <c>masking</c>, <c>salt-pepper</c>, <c>gaussian</c>); the loss
    /// compares with the clean images.
    /// </summary>
    public MemberSpec Corruption { get; init; } = new("none");

    /// <summary>Fraction of the training data held out for validation, in [0, 1).</summary>
    public double Validation { get; init; }

    /// <summary>Use only the first this many examples; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>The required SHA-256 of the training data, as 64 hexadecimal digits; null: any data.</summary>
    public string? Fingerprint { get; init; }
}
