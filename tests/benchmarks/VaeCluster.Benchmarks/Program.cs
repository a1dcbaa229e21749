using System.CommandLine;
using VaeCluster.Benchmarks.Modes;

// Four modes: the real step, products alone, the update against a copy, and BenchmarkDotNet's micro benchmarks.
var root = new RootCommand("Benchmarks of VaeCluster; compare.sh, two folders up, sets them beside PyTorch.")
{
    StepMode.Create(), ProductsMode.Create(), UpdateMode.Create(), MicroMode.Create(),
};
return await root.Parse(args).InvokeAsync();
