using System.Runtime.InteropServices;
using VaeCluster.Core;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Pictures;

/// <summary>A run that is looked at: a copy of its weights, and what encodes and decodes with them.</summary>
/// <param name="run">The run.</param>
/// <param name="engine">Makes the engine.</param>
/// <param name="openNewest">Reads the newest checkpoint, given the copy before.</param>
/// <param name="time">Clock of the weights' age.</param>
internal sealed class OpenModel(RunFolder run, Func<IEngine> engine, Func<RunFolder, WeightsCopy?, WeightsCopy> openNewest,
    TimeProvider time) : IDisposable
{
    private const int KlExamples = 256;

    // What a page shows of training need not be newer; a run that is busy evaluating is not waited for.
    private static readonly TimeSpan MostAge = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(2), KlAge = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private WeightsCopy? _copy;
    private CheckpointInfo? _checkpoint;
    private Task<WeightsCopy?>? _coming;
    private float[]? _spare;
    private long _taken, _klTaken;
    private IEngine? _engine;
    private ModelRunner? _one, _many;
    private WeightsCopy? _oneHas, _manyHas, _klOf;
    private double[]? _kl;
    private bool _isRetired;

    /// <summary>The run's folder.</summary>
    internal string Path => run.Path;

    /// <summary>The weights.</summary>
    internal WeightsCopy Copy => _copy!;

    /// <summary>Whether they are those of a run in progress.</summary>
    internal bool IsLive { get; private set; }

    /// <summary>The split that examples are taken from: test, else validation, else what it is trained on.</summary>
    internal Split Split => Copy.Data.Test ?? Copy.Data.Validation ?? Copy.Data.Train;

    /// <summary>For one image at a time: the program has one row.</summary>
    internal ModelRunner One => Runner(ref _one, ref _oneHas, batch: 1);

    /// <summary>For many images.</summary>
    internal ModelRunner Many => Runner(ref _many, ref _manyHas, batch: 32);

    /// <summary>Waits for its turn.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task EnterAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    /// <summary>Ends its turn.</summary>
    internal void Leave()
    {
        if (_isRetired) Free();
        _turn.Release();
    }

    /// <summary>Nobody will come any more; memory goes when the last visitor has left, who still needs his turn.</summary>
    public void Dispose()
    {
        _isRetired = true;
        if (!_turn.Wait(0)) return;
        Free();
        _turn.Release();
    }

    /// <summary>Sees to weights that are new enough.</summary>
    /// <param name="live">The run's own, while it is in progress.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async Task RefreshAsync(LiveWeights? live, CancellationToken cancellation)
    {
        if (live is not null)
        {
            bool isFresh = IsLive && _copy is not null && time.GetElapsedTime(_taken) < MostAge;
            if (!isFresh && _coming is null)
            {
                _coming = live.NextAsync(_spare);
                _spare = null;
            }


            // With weights in hand a picture never waits for newer ones: those come with the next.
            if (_coming is { } coming && !(IsLive && _copy is not null))
                await Task.WhenAny(coming, Task.Delay(Patience, time, cancellation));
            if (_coming is { IsCompleted: true })
            {
                WeightsCopy? copy = await _coming;
                _coming = null;
                if (copy is not null)
                {
                    // Both runners turn to the new copy before they are used again; the old one's memory takes the next.
                    if (IsLive && _copy is { } old && MemoryMarshal.TryGetArray(old.Weights, out ArraySegment<float> vector))
                        _spare = vector.Array;
                    (_copy, IsLive, _checkpoint) = (copy, true, null);
                    _taken = time.GetTimestamp();
                }
            }

            if (IsLive && _copy is not null) return;
        }

        _coming = null;
        CheckpointInfo? newest = Directory.Exists(run.CheckpointsPath)
            ? Directory.EnumerateDirectories(run.CheckpointsPath).Select(CheckpointInfo.Parse).OfType<CheckpointInfo>()
                .MaxBy(info => (info.Step, info.Generation))
            : null;
        if (_copy is not null && !IsLive && newest == _checkpoint) return;
        _copy = await Task.Run(() => openNewest(run, _copy), cancellation);
        (IsLive, _checkpoint) = (false, newest);
    }

    /// <summary>The moments of q(z|x) of an example.</summary>
    /// <param name="example">The example.</param>
    internal (float[] Mean, float[] LogVariance) Encode(int example)
    {
        float[] mean = new float[Copy.Model.Latent], logVariance = new float[Copy.Model.Latent];
        One.Encode(Images([example]), mean, logVariance);
        return (mean, logVariance);
    }

    /// <summary>Examples by their numbers.</summary>
    /// <param name="examples">The numbers, from 0.</param>
    /// <returns>The images, one after the other.</returns>
    internal float[] Images(IReadOnlyList<int> examples)
    {
        int pixels = Split.Image.Pixels;
        var images = new float[examples.Count * pixels];
        for (int i = 0; i < examples.Count; i++)
        {
            if (examples[i] < 0 || examples[i] >= Split.Count)
                throw new BadInputException("request", "examples", FormattableString.Invariant($"{examples[i]}"),
                    $"an example of the {Split.Name} split, from 0 to {Split.Count - 1}");
            Split.Read(examples[i], epoch: 1, images.AsSpan(i * pixels, pixels));
        }

        return images;
    }

    /// <summary>Mean KL of each dimension over some examples; a few seconds old while a run goes on.</summary>
    internal double[] KlPerDimension()
    {
        bool isFresh = _kl is not null && (_klOf == _copy || (IsLive && time.GetElapsedTime(_klTaken) < KlAge));
        if (isFresh) return _kl!;
        _kl = CodeStatistics.MeanKl(Many, ExamplePicker.Pick(Split, KlExamples, seed: 0));
        _klOf = _copy;
        _klTaken = time.GetTimestamp();
        return _kl;
    }

    private ModelRunner Runner(ref ModelRunner? runner, ref WeightsCopy? has, int batch)
    {
        _engine ??= engine();
        if (runner is null) runner = new ModelRunner(_engine, Copy.Model, Copy.Weights.Span, batch);
        else if (has != Copy) runner.Load(Copy.Weights.Span);
        has = Copy;
        return runner;
    }

    private void Free()
    {
        _one?.Dispose();
        _many?.Dispose();
        _engine?.Dispose();
        (_one, _many, _engine, _copy, IsLive) = (null, null, null, null, false);
    }
}
