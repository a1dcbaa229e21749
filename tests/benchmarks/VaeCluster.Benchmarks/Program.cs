using System.CommandLine;
using VaeCluster.Benchmarks.Modes;

// Modes: training steps, matrix products, updates, tensor transfers between two processes, and BenchmarkDotNet micro benchmarks.
var root = new RootCommand("Benchmarks of VaeCluster; tests/benchmarks/compare.sh compares them with PyTorch.")
{
    StepMode.Create(), ProductsMode.Create(), UpdateMode.Create(), MicroMode.Create(), ExchangeMode.Create(),
};
return await root.Parse(args).InvokeAsync();
