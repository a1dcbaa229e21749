using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Torch.Benchmarks;

/// <summary>A step of one worker on an engine: noise, gradient, update; the images do not change.</summary>
internal sealed class EngineStep : IDisposable
{
    private readonly IEngineWeights _weights;
    private readonly IProgram _program;
    private readonly IOptimizer _optimizer = OptimizerFactory.Create(new MemberSpec("adam"));
    private readonly float[] _gradient, _moment1, _moment2;
    private readonly int _batch;
    private readonly int _latent;
    private int _step;

    internal EngineStep(IEngine engine, Workload workload, int batch, int shards)
    {
        VaeModel model = VaeModel.Create(workload.Spec(batch, shards), workload.Image);
        _batch = batch;
        _latent = model.Latent;
        _weights = engine.CreateWeights(model.Layout);
        model.Initialize(_weights.Flat.Span, 1, []);
        _program = _weights.Compile(model.Training, batch, gradients: true, shards);
        _gradient = GC.AllocateArray<float>(model.Layout.Length, pinned: true);
        _moment1 = GC.AllocateArray<float>(model.Layout.Length, pinned: true);
        _moment2 = GC.AllocateArray<float>(model.Layout.Length, pinned: true);
        new RandomStream(1, RandomPurpose.Binarization, 0, 0).FillUniform(_program.Input(VaeModel.ImageInput));
        Prepare();
    }

    /// <summary>Noise, forward and backward.</summary>
    internal void Gradient()
    {
        Span<float> noise = _program.Input(VaeModel.NoiseInput);
        for (int i = 0; i < _batch; i++)
            new RandomStream(1, RandomPurpose.LatentNoise, (uint)_step, (uint)i).FillNormal(noise.Slice(i * _latent, _latent));
        _program.Forward();
        _ = _program.Output("loss");
        _program.Backward(_gradient, add: false);
    }

    /// <summary>The whole step.</summary>
    internal void Run()
    {
        Gradient();
        _step++;
        _optimizer.Update(_weights.Flat.Span, _gradient, new MomentSpans(_moment1, _moment2), new UpdateStep(1f / _batch, 1e-3f, _step));
        Prepare();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        _weights.Dispose();
    }

    private void Prepare()
    {
        for (int part = 0; part < _weights.Parts; part++) _weights.Prepare(part);
    }
}
