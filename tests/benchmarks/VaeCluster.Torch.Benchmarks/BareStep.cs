using TorchSharp;
using TorchSharp.Modules;
using VaeCluster.Training.Measuring;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VaeCluster.Torch.Benchmarks;

/// <summary>The same model in idiomatic TorchSharp: module sequences, autograd, Adam, one dispose scope per step.</summary>
internal sealed class BareStep : IDisposable
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _x;

    internal BareStep(Workload workload, int batch, Device device)
    {
        (_encoder, _decoder) = workload.Name == Workload.Mlp.Name ? Mlp() : Burgess();
        _encoder.to(device);
        _decoder.to(device);
        _optimizer = optim.Adam(_encoder.parameters().Concat(_decoder.parameters()), 1e-3);
        _x = rand(batch, workload.Image.Channels, workload.Image.Height, workload.Image.Width, device: device);
    }

    /// <summary>Forward and backward.</summary>
    internal void Gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Differentiate();
    }

    /// <summary>The whole step.</summary>
    internal void Run()
    {
        using DisposeScope scope = NewDisposeScope();
        Differentiate();
        _optimizer.step();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x.Dispose();
        _optimizer.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private void Differentiate()
    {
        _optimizer.zero_grad();
        Tensor[] code = _encoder.forward(_x).chunk(2, 1);
        Tensor mean = code[0], logVariance = code[1].clamp(-30, 20);
        Tensor z = mean + ((0.5 * logVariance).exp() * randn_like(mean));
        Tensor reconstruction = functional.binary_cross_entropy_with_logits(_decoder.forward(z), _x, reduction: Reduction.Sum);
        Tensor kl = 0.5 * (mean.pow(2) + logVariance.exp() - logVariance - 1).sum();
        Tensor loss = (reconstruction + kl) / _x.shape[0];
        loss.backward();
        _ = loss.item<float>();
    }

    private static (Sequential Encoder, Sequential Decoder) Mlp() => (
        Sequential(Flatten(), Linear(784, 400), ReLU(), Linear(400, 40)),
        Sequential(Linear(20, 400), ReLU(), Linear(400, 784), Unflatten(1, [1, 28, 28])));

    private static (Sequential Encoder, Sequential Decoder) Burgess() => (
        Sequential(
            Conv2d(1, 32, 4, 2, 1), ReLU(), Conv2d(32, 32, 4, 2, 1), ReLU(), Conv2d(32, 32, 4, 2, 1), ReLU(), Conv2d(32, 32, 4, 2, 1),
            ReLU(), Flatten(),
            Linear(512, 256), ReLU(), Linear(256, 256), ReLU(), Linear(256, 20)),
        Sequential(
            Linear(10, 256), ReLU(), Linear(256, 256), ReLU(), Linear(256, 512), ReLU(), Unflatten(1, [32, 4, 4]),
            ConvTranspose2d(32, 32, 4, 2, 1), ReLU(), ConvTranspose2d(32, 32, 4, 2, 1), ReLU(), ConvTranspose2d(32, 32, 4, 2, 1), ReLU(),
            ConvTranspose2d(32, 1, 4, 2, 1)));
}
