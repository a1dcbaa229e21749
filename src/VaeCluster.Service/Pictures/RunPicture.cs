namespace VaeCluster.Service.Pictures;

/// <summary>A picture of a model.</summary>
/// <param name="Png">The picture as a PNG file.</param>
/// <param name="Step">The step of the weights.</param>
/// <param name="IsLive">Whether the weights are live, at most about two seconds old; false if they are those of a checkpoint.</param>
public sealed record RunPicture(byte[] Png, int Step, bool IsLive);
