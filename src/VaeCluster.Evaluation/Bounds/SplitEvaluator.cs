using VaeCluster.Core.Random;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Evaluation.Bounds;

/// <summary>
/// The ELBO of held-out examples, with one sample of z each. The noise depends on (seed, example), each example is computed independently,
/// and sums are in float64 in the order of the examples. So the result has the same bits for any batch size and number of threads, and two
/// models are compared with the same noise.
/// </summary>
public sealed class SplitEvaluator : IEvaluator
{
    private readonly VaeModel _model;
    private readonly SplitEvaluatorOptions _options;
    private readonly IEngineWeights _weights;
    private readonly IProgram[] _programs;
    private readonly int _batch;

    /// <summary>Compiles one program per thread.</summary>
    /// <param name="engine">The engine; not disposed.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Seed, limit and threads.</param>
    public SplitEvaluator(IEngine engine, VaeModel model, SplitEvaluatorOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        _model = model;
        _options = options;
        _weights = engine.CreateWeights(model.Layout);
        _batch = ProgramRows.AtMost(options.Batch, model.Bound);
        _programs = new IProgram[options.Threads];
        for (int thread = 0; thread < _programs.Length; thread++)
            _programs[thread] = _weights.Compile(model.Bound, _batch, gradients: false);
    }

    /// <inheritdoc/>
    public EvaluationRecord Evaluate(ReadOnlyMemory<float> weights, Split split, int step, int epoch, CancellationToken cancellation)
    {
        SplitScores scores = Score(weights.Span, split, cancellation);
        return new EvaluationRecord(
            step, epoch, split.Name, scores.Examples, scores.Reconstruction, scores.Kl, scores.KlPerDimension, scores.ActiveUnits);
    }

    /// <summary>Evaluates weights on a split.</summary>
    /// <param name="weights">The flat vector.</param>
    /// <param name="split">The examples.</param>
    /// <param name="cancellationToken">Cancels the evaluation between two batches.</param>
    public SplitScores Score(ReadOnlySpan<float> weights, Split split, CancellationToken cancellationToken = default)
    {
        int examples = Math.Min(split.Count, _options.Limit ?? int.MaxValue);
        var rows = new SplitRows(examples, _model.Latent, _model.HasClosedFormKl);
        _weights.Load(weights);

        int batches = (examples + _batch - 1) / _batch;
        int next = -1;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _programs.Length, CancellationToken = cancellationToken };
        Parallel.For(0, _programs.Length, parallel, thread =>
        {
            for (int batch = Interlocked.Increment(ref next); batch < batches; batch = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                RunBatch(_programs[thread], split, batch * _batch, rows);
            }
        });
        return rows.Summarize();
    }

    /// <summary>Frees the programs' memory.</summary>
    public void Dispose()
    {
        foreach (IProgram program in _programs) program.Dispose();
        _weights.Dispose();
    }

    private void RunBatch(IProgram program, Split split, int first, SplitRows rows)
    {
        int count = Math.Min(program.Examples, rows.Count - first);
        int pixels = _model.Image.Pixels, latent = _model.Latent;
        Span<float> images = program.Input(VaeModel.ImageInput);
        // A plain autoencoder has no noise input.
        Span<float> noise = _model.EncodesVariance ? program.Input(VaeModel.NoiseInput) : [];
        for (int i = 0; i < count; i++)
        {
            split.Read(first + i, HeldOut.Epoch, images.Slice(i * pixels, pixels));
            if (noise.IsEmpty) continue;
            var stream = new RandomStream(_options.Seed, RandomPurpose.LatentNoise, 0, (uint)split.ExampleId(first + i));
            stream.FillNormal(noise.Slice(i * latent, latent));
        }

        images[(count * pixels)..].Clear();
        if (!noise.IsEmpty) noise[(count * latent)..].Clear();
        program.Forward();
        rows.Take(first, count, program);
    }
}
