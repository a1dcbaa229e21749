namespace VaeCluster.Core.Specs;

/// <summary>Encoder, decoder and likelihood.</summary>
public sealed record ModelSpec
{
    /// <summary>The architecture (<c>mlp</c>, <c>burgess</c>, …) with its own fields (<c>hidden</c>, <c>activation</c>, …).</summary>
    public required MemberSpec Architecture { get; init; }

    /// <summary>
    /// The decoder's likelihood (<c>bernoulli</c>, <c>gaussian</c>, …) with its own fields (<c>sigma</c>, <c>varianceFloor</c>, …).
    /// </summary>
    public MemberSpec Likelihood { get; init; } = new("bernoulli");

    /// <summary>The distribution of the latents given an image (<c>gaussian</c>, <c>planar</c>, <c>iaf</c>).</summary>
    public MemberSpec Posterior { get; init; } = new("gaussian");

    /// <summary>The distribution of the latents before an image is seen (<c>standard</c>, <c>mixture</c>, <c>vamp</c>).</summary>
    public MemberSpec Prior { get; init; } = new("standard");

    /// <summary>Number of latent dimensions.</summary>
    public int Latent { get; init; } = 10;

    /// <summary>Initial value of the bias of the decoder's last layer.</summary>
    public OutputBias OutputBias { get; init; } = OutputBias.Default;
}
