using VaeCluster.Core;
using VaeCluster.Models;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Runners;

/// <summary>
/// Encodes and decodes any number of rows with a model's weights, on the calling thread. The programs have a fixed number of rows; the last
/// batch is padded with zeros. Rows are independent, so a row's bits do not depend on the other rows.
/// </summary>
public sealed class ModelRunner : ILatentModel, IDisposable
{
    private readonly IEngineWeights _weights;
    private readonly IProgram _encoder;
    private readonly IProgram _decoder;
    private readonly IProgram? _components;
    private readonly bool _hasLogits;
    private LatentMixture? _prior;

    /// <summary>Compiles both graphs and loads the weights.</summary>
    /// <param name="engine">The engine; not disposed.</param>
    /// <param name="model">The model.</param>
    /// <param name="weights">The flat vector, in the model's layout.</param>
    /// <param name="batch">Rows per program, or fewer if they would need too much memory. Default 64.</param>
    public ModelRunner(IEngine engine, VaeModel model, ReadOnlySpan<float> weights, int batch = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, model.Layout.Length, nameof(weights));
        Image = model.Image;
        Latent = model.Latent;
        _weights = engine.CreateWeights(model.Layout);
        _encoder = _weights.Compile(model.Encoder, ProgramRows.AtMost(batch, model.Encoder), gradients: false);
        _decoder = _weights.Compile(model.Decoder, ProgramRows.AtMost(batch, model.Decoder), gradients: false);
        if (model.Components is { } components) _components = _weights.Compile(components, 1, gradients: false);
        _hasLogits = model.Components?.Outputs.ContainsKey("logit") ?? false;
        HasClosedFormKl = model.HasClosedFormKl;
        _weights.Load(weights);
    }

    /// <summary>Loads other weights of the same model.</summary>
    /// <param name="weights">The flat vector.</param>
    public void Load(ReadOnlySpan<float> weights)
    {
        _weights.Load(weights);
        _prior = null;
    }

    /// <inheritdoc/>
    public ImageShape Image { get; }

    /// <inheritdoc/>
    public int Latent { get; }

    /// <inheritdoc/>
    public bool HasClosedFormKl { get; }

    /// <inheritdoc/>
    public LatentMixture? Prior => _prior ??= _components is null ? null : ReadPrior(_components);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> images, Span<float> means, Span<float> logVariances)
    {
        int count = images.Length / Image.Pixels;
        for (int first = 0; first < count; first += _encoder.Examples)
        {
            int rows = Math.Min(_encoder.Examples, count - first);
            ProgramRows.Fill(_encoder.Input(VaeModel.ImageInput), images.Slice(first * Image.Pixels, rows * Image.Pixels));
            _encoder.Forward();
            _encoder.Output("mean")[..(rows * Latent)].CopyTo(means[(first * Latent)..]);
            if (!logVariances.IsEmpty) _encoder.Output("logVariance")[..(rows * Latent)].CopyTo(logVariances[(first * Latent)..]);
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<float> latents, Span<float> images)
    {
        int count = latents.Length / Latent;
        for (int first = 0; first < count; first += _decoder.Examples)
        {
            int rows = Math.Min(_decoder.Examples, count - first);
            ProgramRows.Fill(_decoder.Input(VaeModel.LatentInput), latents.Slice(first * Latent, rows * Latent));
            _decoder.Forward();
            _decoder.Output("mean")[..(rows * Image.Pixels)].CopyTo(images[(first * Image.Pixels)..]);
        }
    }

    private LatentMixture ReadPrior(IProgram components)
    {
        components.Forward();
        return new LatentMixture(
            components.Output("mean").ToArray(), components.Output("logVariance").ToArray(),
            _hasLogits ? components.Output("logit").ToArray() : []);
    }

    /// <summary>Frees the programs' memory.</summary>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        _components?.Dispose();
        _weights.Dispose();
    }
}
