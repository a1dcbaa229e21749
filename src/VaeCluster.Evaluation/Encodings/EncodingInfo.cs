namespace VaeCluster.Evaluation.Encodings;

/// <summary>The contents of a folder of encodings.</summary>
/// <param name="Split">The split's name.</param>
/// <param name="Examples">Rows n of every array, in the split's order.</param>
/// <param name="Latent">Columns M of the codes.</param>
/// <param name="Labels">Whether there is a <c>labels.npy</c>.</param>
/// <param name="FactorNames">Columns of <c>factors.npy</c>; empty if there is none.</param>
public sealed record EncodingInfo(string Split, int Examples, int Latent, bool Labels, IReadOnlyList<string> FactorNames);
