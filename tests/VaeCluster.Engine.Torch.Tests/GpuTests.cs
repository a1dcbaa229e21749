using VaeCluster.Engine.Managed.Tests.Graphs;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>What only a GPU does; everything else runs on it too when <see cref="Engines.Variable"/> names it.</summary>
public sealed class GpuTests
{
    [RequiresTheory(Requirement.Libstdcxx, Requirement.Gpu)]
    [InlineData("mlp")]
    [InlineData("burgess")]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void The_same_batch_has_the_same_bits_every_time_and_in_every_engine(string architecture)
    {
        var trial = new Trial(Models.Create(architecture, "bernoulli", "vae").Training);
        int[] expected = Trial.Bits(trial.Run(Engines.Shared, 64, 8)["gradient"]);
        for (int i = 0; i < 20; i++)
        {
            using TorchEngine other = Engines.Create();
            Assert.Equal(expected, Trial.Bits(trial.Run(other, 64, 8)["gradient"]));
        }
    }

    [RequiresFact(Requirement.Libstdcxx, Requirement.Gpu)]
    public void Memory_utilisation_and_time_are_measured()
    {
        using TorchEngine engine = Engines.Create();
        new Trial(Models.Create("burgess", "bernoulli", "vae").Training).Run(engine, 64, 8);
        TorchDeviceMetrics metrics = engine.Measure();
        Assert.Equal(Engines.Device.ToString(), metrics.Device);
        Assert.True(metrics.ComputeSeconds > 0, metrics.ToString());
        Assert.True(metrics.CopySeconds > 0, metrics.ToString());
        Assert.InRange(metrics.MemoryUsedBytes!.Value, 1, metrics.MemoryTotalBytes!.Value);
        Assert.InRange(metrics.Utilization!.Value, 0, 1);
    }

    [RequiresFact(Requirement.Libstdcxx, Requirement.Gpu)]
    public void TF32_is_refused_beside_an_engine_that_computes_in_float32()
    {
        // Whoever shares the process already counts on float32 products.
        _ = Engines.Shared;
        Assert.Contains("TF32", Assert.Throws<InvalidOperationException>(() => Engines.Create(TorchPrecision.Tf32)).Message,
            StringComparison.Ordinal);
    }
}
