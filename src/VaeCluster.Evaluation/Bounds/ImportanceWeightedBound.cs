using VaeCluster.Core;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Bounds;

/// <summary>
/// The importance-weighted bound −log (1/K) Σ_k p(x|z_k) p(z_k)/q(z_k|x), z_k ~ q(z|x) (Burda et al. 2015). The engine computes the
/// likelihood, and the other densities where the prior is learned; everything else is float64. The noise of
/// sample k depends on (seed, k, example), so a larger K reuses the samples of a
/// smaller one.
/// </summary>
public static class ImportanceWeightedBound
{
    // Rows of a program; each row is a sample of the same example.
    private const int Rows = 100;

    /// <summary>Estimates the bound on a split.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="model">The model.</param>
    /// <param name="weights">The flat vector.</param>
    /// <param name="split">The examples.</param>
    /// <param name="options">K, limit, seed and threads.</param>
    /// <param name="cancellationToken">Cancels the estimate between two examples.</param>
    /// <exception cref="BadInputException">The model is a plain autoencoder, which has no density.</exception>
    public static ImportanceWeightedScore Estimate(
        IEngine engine, VaeModel model, ReadOnlySpan<float> weights, Split split, ImportanceWeightedOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 1, nameof(options));
        if (!model.EncodesVariance) throw new BadInputException(
            "importance-weighted bound", "objective.kind", model.ObjectiveName, "needs a model whose encoder outputs a variance");

        int examples = Math.Min(split.Count, options.Limit ?? int.MaxValue);
        var bounds = new double[examples];
        using IEngineWeights engineWeights = engine.CreateWeights(model.Layout);
        var workers = new Worker[Math.Min(options.Threads, examples)];
        for (int thread = 0; thread < workers.Length; thread++) workers[thread] = new Worker(engineWeights, model, split, options);
        engineWeights.Load(weights);

        int next = -1;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers.Length, CancellationToken = cancellationToken };
        Parallel.For(0, workers.Length, parallel, thread =>
        {
            using Worker worker = workers[thread];
            for (int position = Interlocked.Increment(ref next); position < examples; position = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                bounds[position] = worker.Bound(position);
            }
        });
        return Summarize(bounds, options.Samples);
    }

    /// <summary>log((1/n) Σ e^v) without overflow: the largest value is factored out.</summary>
    /// <param name="values">n ≥ 1 values.</param>
    internal static double LogMeanExp(ReadOnlySpan<double> values)
    {
        double largest = values[0];
        foreach (double value in values) largest = Math.Max(largest, value);
        if (!double.IsFinite(largest)) return largest; // NaN stays NaN, and ∞ stays ∞
        double sum = 0;
        foreach (double value in values) sum += ScalarMath.Exp(value - largest);
        return largest + ScalarMath.Log(sum / values.Length);
    }

    private static ImportanceWeightedScore Summarize(double[] bounds, int samples)
    {
        double sum = 0;
        foreach (double bound in bounds) sum += bound;
        double mean = sum / bounds.Length;
        double squares = 0;
        foreach (double bound in bounds) squares += (bound - mean) * (bound - mean);
        double error = bounds.Length < 2 ? 0 : Math.Sqrt(squares / (bounds.Length - 1) / bounds.Length);
        return new ImportanceWeightedScore(-mean, error, bounds.Length, samples);
    }

    /// <summary>The programs and buffers of one thread.</summary>
    private sealed class Worker(IEngineWeights weights, VaeModel model, Split split, ImportanceWeightedOptions options) : IDisposable
    {
        // Where the KL has a closed form the densities are computed here, else by a program that draws the samples.
        private readonly IProgram _encoder = weights.Compile(model.Code ?? model.Encoder, 1, gradients: false);
        private readonly IProgram? _draw = model.Draw is { } draw ? weights.Compile(draw, Rows, gradients: false) : null;
        private readonly IProgram _likelihood = weights.Compile(model.Likelihood, Rows, gradients: false);
        private readonly float[] _image = new float[model.Image.Pixels];
        private readonly float[] _noise = new float[model.Latent];
        private readonly double[] _logWeights = new double[options.Samples];

        /// <summary>The bound on log p(x) of one example.</summary>
        internal double Bound(int position)
        {
            split.Read(position, HeldOut.Epoch, _image);
            _image.CopyTo(_encoder.Input(VaeModel.ImageInput));
            _encoder.Forward();
            for (int row = 0; row < Rows; row++) _image.CopyTo(_likelihood.Input(VaeModel.ImageInput)[(row * _image.Length)..]);

            uint example = (uint)split.ExampleId(position);
            for (int first = 0; first < options.Samples; first += Rows)
            {
                int count = Math.Min(Rows, options.Samples - first);
                if (_draw is not null) DrawByProgram(_draw, example, first, count);
                for (int i = 0; _draw is null && i < count; i++)
                {
                    Span<float> z = _likelihood.Input(VaeModel.LatentInput).Slice(i * model.Latent, model.Latent);
                    _logWeights[first + i] = Draw(example, first + i, z);
                }

                _likelihood.Forward();
                ReadOnlySpan<float> logLikelihood = _likelihood.Output("logLikelihood");
                for (int i = 0; i < count; i++) _logWeights[first + i] += logLikelihood[i];
            }

            return LogMeanExp(_logWeights);
        }

        public void Dispose()
        {
            _encoder.Dispose();
            _draw?.Dispose();
            _likelihood.Dispose();
        }

        private void DrawByProgram(IProgram program, uint example, int first, int count)
        {
            ReadOnlySpan<float> code = _encoder.Output(VaeModel.CodeInput);
            Span<float> codes = program.Input(VaeModel.CodeInput), noise = program.Input(VaeModel.NoiseInput);
            for (int i = 0; i < Rows; i++) code.CopyTo(codes[(i * code.Length)..]);
            for (int i = 0; i < count; i++)
            {
                new RandomStream(options.Seed, RandomPurpose.ImportanceNoise, (uint)(first + i), example)
                    .FillNormal(noise.Slice(i * model.Latent, model.Latent));
            }

            program.Forward();
            program.Output(VaeModel.LatentInput).CopyTo(_likelihood.Input(VaeModel.LatentInput));
            ReadOnlySpan<float> ratios = program.Output("logRatio");
            for (int i = 0; i < count; i++) _logWeights[first + i] = ratios[i];
        }

        // Fills z_k and returns log p(z_k) − log q(z_k|x); the factors of 2π cancel.
        private double Draw(uint example, int sample, Span<float> z)
        {
            new RandomStream(options.Seed, RandomPurpose.ImportanceNoise, (uint)sample, example).FillNormal(_noise);
            ReadOnlySpan<float> mean = _encoder.Output("mean"), logVariance = _encoder.Output("logVariance");
            double ratio = 0;
            for (int j = 0; j < z.Length; j++)
            {
                double noise = _noise[j];
                z[j] = (float)(mean[j] + (ScalarMath.Exp(0.5 * logVariance[j]) * noise));
                ratio += 0.5 * ((noise * noise) + logVariance[j] - ((double)z[j] * z[j]));
            }

            return ratio;
        }
    }
}
