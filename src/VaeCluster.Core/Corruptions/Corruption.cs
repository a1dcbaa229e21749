using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Corruptions;

/// <summary>
/// Noise on the images that the encoder sees in training, while the loss compares with the clean ones. What is drawn depends on seed, step
/// and example alone. Source: Vincent et al., Stacked denoising autoencoders (2010), section 3.3.
/// </summary>
public abstract class Corruption
{
    private static readonly FieldRule Share =
        new("amount", FieldKind.Number, "share of the pixels that are changed") { Default = 0.25, Min = 0, Max = 1 };

    private static readonly (Member Member, Func<MemberSpec, Corruption?> Create)[] All =
    [
        (new Member("none", "the encoder sees the images as they are", []), _ => null),
        (new Member("masking", "pixels are set to 0", [Share]), spec => new PixelNoise((float)spec.Number(Share.Name), white: 0f)),
        (new Member("salt-pepper", "pixels are set to 0 or 1, each half of them", [Share]),
            spec => new PixelNoise((float)spec.Number(Share.Name), white: 0.5f)),
        (new Member("gaussian", "normal noise is added to every value",
            [new FieldRule("amount", FieldKind.Number, "standard deviation of the noise") { Default = 0.25, Min = 0, Max = 100 }]),
            spec => new GaussianNoise((float)spec.Number("amount"))),
    ];

    /// <summary>The kinds with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates a corruption.</summary>
    /// <param name="spec">One of <see cref="Members"/> with its fields; missing fields take their defaults.</param>
    /// <returns>Null for <c>none</c>.</returns>
    public static Corruption? Create(MemberSpec spec) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(Member.Complete(Members, spec));

    /// <summary>Corrupts one image.</summary>
    /// <param name="clean">The image, channel by channel, in [0, 1].</param>
    /// <param name="image">Its size.</param>
    /// <param name="seed">The training seed.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="example">The example's index in the dataset.</param>
    /// <param name="seen">Receives what the encoder sees; as long as the image.</param>
    public abstract void Apply(ReadOnlySpan<float> clean, ImageShape image, long seed, int step, int example, Span<float> seen);

    /// <summary>The random numbers of one image.</summary>
    private protected static RandomStream Stream(long seed, int step, int example) =>
        new(seed, RandomPurpose.Corruption, (uint)step, (uint)example);
}
