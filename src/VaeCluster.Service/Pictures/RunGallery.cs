using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Pictures;

/// <summary>
/// Draws pictures of runs: with live weights of a run in progress, else with the newest complete checkpoint. The runs viewed last stay
/// open, so that a picture costs only its decoding. One picture of a run is drawn at a time.
/// </summary>
/// <param name="engine">Creates the engine that decodes.</param>
/// <param name="datasets">Data sets that are open in this process.</param>
/// <param name="time">The clock for the age of the weights.</param>
/// <param name="places">Finds a run's data on this machine; null to use the paths of the run file.</param>
public sealed class RunGallery(Func<IEngine> engine, DatasetCache datasets, TimeProvider time, Func<RunSpec, RunSpec>? places = null)
    : IDisposable
{
    private const int MostOpen = 4, MostWaiting = 16;

    private readonly Lock _lock = new();
    private readonly List<OpenModel> _open = [];
    private int _waiting;

    /// <summary>Draws a picture.</summary>
    /// <param name="run">The run.</param>
    /// <param name="live">The live weights of a run in progress; null if it is not in progress, or if they are not in this process.</param>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellation">Ends the waiting for other pictures.</param>
    /// <exception cref="BadInputException">The request does not fit the model.</exception>
    /// <exception cref="RunRefusedException">The run has no weights yet, or too many pictures are requested at once.</exception>
    public Task<RunPicture> DrawAsync(RunFolder run, LiveWeights? live, PictureRequest request, CancellationToken cancellation) =>
        UseAsync(run, live, shown => new RunPicture(PngWriter.Encode(PictureRenderer.Draw(shown, request)), shown.Copy.Step, shown.IsLive),
            cancellation);

    /// <summary>What a page needs to know about a run's model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="live">See <see cref="DrawAsync"/>.</param>
    /// <param name="cancellation">See <see cref="DrawAsync"/>.</param>
    /// <exception cref="RunRefusedException">See <see cref="DrawAsync"/>.</exception>
    public Task<RunModel> InspectAsync(RunFolder run, LiveWeights? live, CancellationToken cancellation) => UseAsync(run, live, shown =>
    {
        ImageShape image = shown.Copy.Model.Image;
        Split split = shown.Split;
        return new RunModel(
            shown.Copy.Model.Latent, image.Channels, image.Height, image.Width, split.Name, split.Count, shown.KlPerDimension(),
            shown.Copy.Step, shown.IsLive);
    }, cancellation);

    /// <summary>Encodes an example.</summary>
    /// <param name="run">The run.</param>
    /// <param name="live">See <see cref="DrawAsync"/>.</param>
    /// <param name="example">The example's number in the evaluation split, from 0.</param>
    /// <param name="cancellation">See <see cref="DrawAsync"/>.</param>
    /// <exception cref="BadInputException">The example does not exist.</exception>
    /// <exception cref="RunRefusedException">See <see cref="DrawAsync"/>.</exception>
    public Task<RunCode> EncodeAsync(RunFolder run, LiveWeights? live, int example, CancellationToken cancellation) =>
        UseAsync(run, live, shown =>
    {
        (float[] mean, float[] logVariance) = shown.Encode(example);
        return new RunCode(example, mean, logVariance, shown.Copy.Step);
    }, cancellation);

    /// <summary>Closes a run that is about to be deleted.</summary>
    /// <param name="run">The run.</param>
    public void Forget(RunFolder run)
    {
        lock (_lock)
        {
            foreach (OpenModel shown in _open.Where(shown => shown.Path == run.Path)) shown.Dispose();
            _open.RemoveAll(shown => shown.Path == run.Path);
        }
    }

    /// <summary>Closes all runs.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (OpenModel shown in _open) shown.Dispose();
            _open.Clear();
        }
    }

    private async Task<T> UseAsync<T>(RunFolder run, LiveWeights? live, Func<OpenModel, T> use, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new RunRefusedException(RunRefusal.Busy,
                new BadInputException("server", "pictures", null, $"{MostWaiting} are being drawn, which is the limit; try again"));
        }

        try
        {
            OpenModel shown = Open(run);
            await shown.EnterAsync(cancellation);
            try
            {
                await shown.RefreshAsync(live, cancellation);

                // The caller's thread may be one that must stay responsive, such as a grain's.
                return await Task.Run(() => use(shown), CancellationToken.None);
            }
            finally
            {
                shown.Leave();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private OpenModel Open(RunFolder run)
    {
        lock (_lock)
        {
            OpenModel? shown = _open.Find(known => known.Path == run.Path);
            if (shown is not null)
            {
                _open.Remove(shown);
            }
            else
            {
                shown = new OpenModel(run, engine, OpenNewest, time);
                if (_open.Count == MostOpen)
                {
                    _open[0].Dispose();
                    _open.RemoveAt(0);
                }
            }

            _open.Add(shown);
            return shown;
        }
    }

    // Reuse data and model of the previous copy if there is one.
    private WeightsCopy OpenNewest(RunFolder run, WeightsCopy? before)
    {
        RunSpec spec = RunCatalog.ReadSpec(run);
        if (places is not null) spec = places(spec);
        DataSplits data = before?.Data ?? OpenData(run, spec);
        VaeModel model = before?.Model ?? VaeModel.Create(spec, data.Image);
        IOptimizer optimizer = OptimizerFactory.Create(spec.Training);
        var store = new CheckpointStore(run.CheckpointsPath, model.Layout, optimizer.Moments, optimizer.Average);
        return store.ReadNewest((_, _) => { }) is { } newest
            ? new WeightsCopy(model, data, newest.Checkpoint.Judged(optimizer), newest.Checkpoint.State.Step)
            : throw RunRefusedException.Conflict(Path.GetFileName(run.Path),
                "this run has no weights yet; wait for its first step or checkpoint");
    }

    // A run of which the folder keeps examples is shown with those where its data is gone, or has images of another size now.
    private DataSplits OpenData(RunFolder run, RunSpec spec)
    {
        KeptExamples? kept = KeptExamples.Read(run, _ => { });
        try
        {
            DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, datasets);
            return kept is null || kept.Image == data.Image ? data : kept.ToSplits();
        }
        catch (BadInputException) when (kept is not null)
        {
            return kept.ToSplits();
        }
    }
}
