using VaeCluster.Data;
using VaeCluster.Models;

namespace VaeCluster.Training.Runs;

/// <summary>Weights to look at, with what is needed for it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The splits.</param>
/// <param name="Weights">The flat vector; nobody changes it.</param>
/// <param name="Step">Steps that the weights have seen.</param>
public sealed record WeightsCopy(VaeModel Model, DataSplits Data, ReadOnlyMemory<float> Weights, int Step);
