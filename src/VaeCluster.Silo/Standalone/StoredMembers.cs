namespace VaeCluster.Silo.Standalone;

/// <summary>The silos of this machine that share a folder of runs.</summary>
/// <param name="ClusterId">Their cluster.</param>
/// <param name="Version">Counts the changes.</param>
/// <param name="Silos">The silos.</param>
internal sealed record StoredMembers(string ClusterId, int Version, IReadOnlyList<StoredSilo> Silos);
