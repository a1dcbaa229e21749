namespace VaeCluster.Training.Checkpoints;

/// <summary>A checkpoint that is not what its manifest says.</summary>
/// <param name="checkpoint">The folder's name.</param>
/// <param name="fault">What is wrong, naming the file.</param>
public sealed class DamagedCheckpointException(string checkpoint, string fault) : Exception($"checkpoint {checkpoint} is damaged: {fault}");
