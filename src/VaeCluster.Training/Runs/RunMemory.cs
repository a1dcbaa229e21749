using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Training.Runs;

/// <summary>Counts the bytes that a run needs at least, before any is allocated.</summary>
internal static class RunMemory
{
    // In float32 for each parameter: the weights, the coordinator's copy, a checkpoint's copy and a gradient; moments and their copy besides.
    private const int WeightCopies = 4, MomentCopies = 2;

    // Engines pad the rows of a shard to their vectors and count in 32 bits.
    private const int MostPadding = 64;

    /// <summary>What the machine, or the container, offers this process; in bytes.</summary>
    internal static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes ? bytes : long.MaxValue;

    /// <summary>Refuses a run that cannot fit.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="model">Its model.</param>
    /// <param name="available">Memory that there is, in bytes.</param>
    /// <exception cref="BadInputException">The model, or the values of a shard, need more.</exception>
    internal static void Demand(RunSpec spec, VaeModel model, long available)
    {
        Int128 parameters = model.Layout.Length;
        Int128 needed = parameters * sizeof(float) * (WeightCopies + (MomentCopies * OptimizerFactory.Create(spec.Training).Moments));
        if (needed > available)
        {
            bool hasWidths = spec.Model.Architecture.Has("hidden") && spec.Model.Architecture.Integers("hidden").Length > 0;
            throw new BadInputException(
                BadInputException.RunFile, hasWidths ? "model.hidden" : "model.architecture",
                hasWidths ? $"[{string.Join(", ", spec.Model.Architecture.Integers("hidden"))}]" : spec.Model.Architecture.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"makes {parameters:#,0} parameters, which need at least {Megabytes(needed):#,0} MB; this machine offers {Megabytes(available):#,0} MB"));
        }

        int rows = spec.Training.Batch / spec.Training.Shards;
        Int128 values = 0;
        foreach (Node node in model.Training.Nodes.Where(node => node.PerExample))
        {
            if ((Int128)node.Size * (rows + MostPadding) > int.MaxValue) throw TooManyRows(spec, rows, $"{node.Size} values of a layer");
            if (node.Parameters.Count > 0) values += (Int128)node.Size * rows;
        }

        if (values * sizeof(float) > available)
        {
            throw TooManyRows(spec, rows, string.Create(
                CultureInfo.InvariantCulture,
                $"the layers' values need at least {Megabytes(values * sizeof(float)):#,0} MB, and this machine offers {Megabytes(available):#,0} MB"));
        }
    }

    private static BadInputException TooManyRows(RunSpec spec, int rows, string why) => new(
        BadInputException.RunFile, "training.batch", FormattableString.Invariant($"{spec.Training.Batch}"),
        FormattableString.Invariant($"a shard of {rows} examples is too large for this model ({why}); take a smaller batch or more shards"));

    private static Int128 Megabytes(Int128 bytes) => bytes >> 20;
}
