namespace VaeCluster.Data.Idx;

/// <summary>What an IDX file of unsigned bytes holds.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Sizes">The dimensions, slowest-varying first.</param>
/// <param name="Bytes">The values in row-major order.</param>
internal sealed record IdxArray(string Path, int[] Sizes, byte[] Bytes);
