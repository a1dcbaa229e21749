using VaeCluster.Data;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Scores.Factors;

/// <summary>Encodes arbitrary images of a run's dataset.</summary>
internal static class ImageEncoder
{
    private const int Batch = 64;

    /// <summary>Computes the moments of q(z|x). Rows are independent, so the bits do not depend on the number of threads.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="run">The model and its weights.</param>
    /// <param name="data">The split whose dataset and binarisation are used.</param>
    /// <param name="examples">The images' indices in the dataset, whether or not they are in a split.</param>
    /// <param name="threads">Threads, each with its own program.</param>
    /// <param name="cancellation">Cancels between two batches.</param>
    internal static ImageCodes Encode(
        IEngine engine, TrainedRun run, Split data, int[] examples, int threads, CancellationToken cancellation)
    {
        VaeModel model = run.Model;
        int pixels = model.Image.Pixels, latent = model.Latent;
        int batches = (examples.Length + Batch - 1) / Batch;
        float[] means = new float[checked(examples.Length * latent)], logVariances = new float[means.Length];

        using IEngineWeights weights = engine.CreateWeights(model.Layout);
        var programs = new IProgram[Math.Max(1, Math.Min(threads, batches))];
        for (int thread = 0; thread < programs.Length; thread++) programs[thread] = weights.Compile(model.Encoder, Batch, gradients: false);
        weights.Load(run.Weights.Span);

        int next = -1;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = programs.Length, CancellationToken = cancellation };
        Parallel.For(0, programs.Length, parallel, thread =>
        {
            using IProgram program = programs[thread];
            for (int batch = Interlocked.Increment(ref next); batch < batches; batch = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                int first = batch * Batch, rows = Math.Min(Batch, examples.Length - first);
                Span<float> images = program.Input(VaeModel.ImageInput);
                for (int i = 0; i < rows; i++) data.ReadExample(examples[first + i], HeldOut.Epoch, images.Slice(i * pixels, pixels));
                images[(rows * pixels)..].Clear();
                program.Forward();
                program.Output("mean")[..(rows * latent)].CopyTo(means.AsSpan(first * latent));
                program.Output("logVariance")[..(rows * latent)].CopyTo(logVariances.AsSpan(first * latent));
            }
        });
        return new ImageCodes(means, logVariances);
    }
}
