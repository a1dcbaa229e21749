using System.CommandLine;
using VaeCluster.Torch.Benchmarks;

// Two modes: the engine's step compared with a plain TorchSharp loop, and examples per second by batch and precision.
var root = new RootCommand("Benchmarks of the Torch engine.") { BareMode.Create(), ThroughputMode.Create() };
return await root.Parse(args).InvokeAsync();
