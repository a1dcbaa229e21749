namespace VaeCluster.Data.Downloads;

/// <summary>One file of a public dataset.</summary>
/// <param name="Name">Its name on disk; gzip-compressed downloads are unpacked.</param>
/// <param name="Sources">The addresses to try, in this order.</param>
/// <param name="Hash">Its published hash.</param>
/// <param name="MostBytes">Its largest possible size in bytes, compressed or not; a server that sends more is abandoned.</param>
public sealed record DownloadFile(string Name, IReadOnlyList<Uri> Sources, ContentHash Hash, long MostBytes);
