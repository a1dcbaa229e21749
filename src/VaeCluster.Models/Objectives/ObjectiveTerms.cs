using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>The values of an objective, one element per example, in nats.</summary>
/// <param name="Loss">The loss to minimise.</param>
/// <param name="Reconstruction">−log p(x|z) of one sample.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
public sealed record ObjectiveTerms(Node Loss, Node Reconstruction, Node Kl);
