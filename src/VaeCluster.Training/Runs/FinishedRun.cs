using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;

namespace VaeCluster.Training.Runs;

/// <summary>A trained model with everything that a report is made of.</summary>
/// <param name="Spec">The resolved run.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">The splits.</param>
/// <param name="Weights">The flat vector after the last step, or the average that is judged in its place.</param>
/// <param name="Engine">The engine that trained it.</param>
/// <param name="Result">What result.json will hold.</param>
public sealed record FinishedRun(
    RunSpec Spec, RunFolder Folder, VaeModel Model, DataSplits Data, ReadOnlyMemory<float> Weights, IEngine Engine, RunResult Result);
