namespace VaeCluster.Data.Downloads;

/// <summary>One file of a public set.</summary>
/// <param name="Name">Its name once it is there; what is served packed (gzip) is unpacked.</param>
/// <param name="Sources">Where it is served, tried in this order.</param>
/// <param name="Hash">What it must be.</param>
/// <param name="MostBytes">More than this, packed or not, it cannot have: a server that sends more is left.</param>
public sealed record DownloadFile(string Name, IReadOnlyList<Uri> Sources, ContentHash Hash, long MostBytes);
