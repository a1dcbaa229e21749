using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>The values of an objective, one element an example, in nats.</summary>
/// <param name="Loss">What is minimised.</param>
/// <param name="Reconstruction">−log p(x|z) of one sample.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
public sealed record ObjectiveTerms(Node Loss, Node Reconstruction, Node Kl);
