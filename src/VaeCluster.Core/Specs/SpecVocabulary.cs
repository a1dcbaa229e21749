namespace VaeCluster.Core.Specs;

/// <summary>
/// The members that a run file may choose from. Data and Models list theirs, and Core only knows how to read them,
/// so a new member needs one new file there and none here.
/// </summary>
public sealed record SpecVocabulary
{
    /// <summary>Choices of <c>data.dataset</c>.</summary>
    public required IReadOnlyList<Member> Datasets { get; init; }

    /// <summary>Choices of <c>model.architecture</c>.</summary>
    public required IReadOnlyList<Member> Architectures { get; init; }

    /// <summary>Choices of <c>model.likelihood</c>.</summary>
    public required IReadOnlyList<Member> Likelihoods { get; init; }

    /// <summary>Choices of <c>model.posterior</c>.</summary>
    public IReadOnlyList<Member> Posteriors { get; init; } = [new("gaussian", "a Gaussian", [])];

    /// <summary>Choices of <c>model.prior</c>.</summary>
    public IReadOnlyList<Member> Priors { get; init; } = [new("standard", "N(0, I)", [])];

    /// <summary>Choices of <c>objective.kind</c>.</summary>
    public required IReadOnlyList<Member> Objectives { get; init; }
}
