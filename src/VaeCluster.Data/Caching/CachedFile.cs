namespace VaeCluster.Data.Caching;

/// <summary>What a cached file is.</summary>
/// <param name="Source">What it was made from, in words.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256: 64 lower-case hexadecimal digits.</param>
/// <param name="Note">What its maker wants to know of it the next time.</param>
internal sealed record CachedFile(string Source, long Length, string Sha256, string Note);
