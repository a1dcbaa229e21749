namespace VaeCluster.Tests.PyTorch;

/// <summary>A parameter's gradient: its norm, and its elements at some places.</summary>
public sealed record ReferenceGradient(double Norm, int[] Places, double[] Values);
