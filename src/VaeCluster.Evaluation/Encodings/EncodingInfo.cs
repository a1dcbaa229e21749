namespace VaeCluster.Evaluation.Encodings;

/// <summary>The contents of a folder of encodings.</summary>
/// <param name="Split">The split's name, or that of other images.</param>
/// <param name="Examples">Rows n of every array and of the table, in the split's order.</param>
/// <param name="Latent">Columns M of the codes.</param>
/// <param name="Labels">Whether the examples have classes, in <c>labels.npy</c> or the table.</param>
/// <param name="FactorNames">Columns of <c>factors.npy</c>; empty if there is none.</param>
/// <param name="ClassNames">Names of the classes by their number, as in <c>classes.json</c>; empty if they have none.</param>
/// <param name="Files">Whether there is a <c>files.txt</c> with the file of each example.</param>
public sealed record EncodingInfo(
    string Split, int Examples, int Latent, bool Labels, IReadOnlyList<string> FactorNames, IReadOnlyList<string> ClassNames, bool Files);
