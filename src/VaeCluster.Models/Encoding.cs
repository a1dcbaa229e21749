using VaeCluster.Models.Graphs;

namespace VaeCluster.Models;

/// <summary>What the encoder gives of an image.</summary>
/// <param name="Mean">μ of the Gaussian.</param>
/// <param name="LogVariance">log σ² of the Gaussian.</param>
/// <param name="Context">What a flow needs beside them; null: nothing.</param>
public sealed record Encoding(Node Mean, Node LogVariance, Node? Context);
