namespace VaeCluster.Cli.Benchmarks;

/// <summary>One matrix product of a step, on one thread.</summary>
/// <param name="Kind">Which of a layer's products.</param>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Length of a sum.</param>
/// <param name="GigaflopsPerSecond">10⁹ floating-point operations a second.</param>
/// <param name="ShareOfPeak">Of what one thread can do at most.</param>
internal sealed record ProductRow(string Kind, int M, int N, int K, double GigaflopsPerSecond, double ShareOfPeak);
