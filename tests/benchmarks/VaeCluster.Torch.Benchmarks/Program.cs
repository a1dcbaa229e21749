using System.CommandLine;
using VaeCluster.Torch.Benchmarks;

// Two modes: the engine's step beside a bare TorchSharp loop, and examples a second by batch and precision.
var root = new RootCommand("Benchmarks of the Torch engine.") { BareMode.Create(), ThroughputMode.Create() };
return await root.Parse(args).InvokeAsync();
