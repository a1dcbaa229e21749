using VaeCluster.Models.Graphs;

namespace VaeCluster.Models;

/// <summary>A sample of q(z|x).</summary>
/// <param name="Z">z.</param>
/// <param name="Noise">The ε that it was made of.</param>
/// <param name="LogDeterminant">log|det ∂z/∂z₀| of the flow, one element per example; null: there is none, z is z₀ = μ + σ·ε.</param>
public sealed record LatentSample(Node Z, Node Noise, Node? LogDeterminant);
