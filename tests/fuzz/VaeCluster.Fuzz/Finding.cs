namespace VaeCluster.Fuzz;

/// <summary>An input that broke a rule.</summary>
/// <param name="Target">The parser.</param>
/// <param name="Index">The input's number.</param>
/// <param name="Rule">What it did: the exception and where it was thrown, or the time or memory that it took.</param>
/// <param name="Input">The bytes.</param>
/// <param name="Detail">The whole exception; empty for time and memory.</param>
public sealed record Finding(string Target, long Index, string Rule, IReadOnlyList<byte> Input, string Detail);
