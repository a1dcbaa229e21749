namespace VaeCluster.Silo.Standalone;

/// <summary>The silos of this machine that share a folder of runs.</summary>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="Version">The version of the table, raised by every change of membership.</param>
/// <param name="Silos">The silos, dead ones included.</param>
internal sealed record StoredMembers(string ClusterId, int Version, IReadOnlyList<StoredSilo> Silos);
