namespace VaeCluster.Service.Pictures;

/// <summary>A picture of a model.</summary>
/// <param name="Png">The picture.</param>
/// <param name="Step">Steps that the weights have seen.</param>
/// <param name="IsLive">Whether they are those of the run in progress, about two seconds old at most; false: those of a checkpoint.</param>
public sealed record RunPicture(byte[] Png, int Step, bool IsLive);
