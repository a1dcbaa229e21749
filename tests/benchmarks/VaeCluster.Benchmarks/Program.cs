using System.CommandLine;
using VaeCluster.Benchmarks.Modes;

// Five modes: the real step, products alone, the update against a copy, tensors between two processes, and BenchmarkDotNet's micro benchmarks.
var root = new RootCommand("Benchmarks of VaeCluster; compare.sh, two folders up, sets them beside PyTorch.")
{
    StepMode.Create(), ProductsMode.Create(), UpdateMode.Create(), MicroMode.Create(), ExchangeMode.Create(),
};
return await root.Parse(args).InvokeAsync();
