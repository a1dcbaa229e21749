using System.Runtime.InteropServices;
using VaeCluster.Core;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Pictures;

/// <summary>The model of a run that is being viewed: a copy of its weights, with an encoder and a decoder.</summary>
/// <param name="run">The run.</param>
/// <param name="engine">Creates the engine.</param>
/// <param name="openNewest">Reads the newest checkpoint, given the previous copy.</param>
/// <param name="time">The clock for the age of the weights.</param>
internal sealed class OpenModel(RunFolder run, Func<IEngine> engine, Func<RunFolder, WeightsCopy?, WeightsCopy> openNewest,
    TimeProvider time) : IDisposable
{
    private const int KlExamples = 256;

    // Live weights on a page need not be newer than this; and do not wait longer than this for a run that is busy evaluating.
    private static readonly TimeSpan MostAge = TimeSpan.FromSeconds(2), LiveWait = TimeSpan.FromSeconds(2), KlAge = TimeSpan.FromSeconds(4);

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

    /// <summary>Whether the weights are those of a run in progress.</summary>
    internal bool IsLive { get; private set; }

    /// <summary>The split that examples are taken from: test, else validation, else training.</summary>
    internal Split Split => Copy.Data.Test ?? Copy.Data.Validation ?? Copy.Data.Train;

    /// <summary>The runner for one image at a time.</summary>
    internal ModelRunner One => Runner(ref _one, ref _oneHas, batch: 1);

    /// <summary>The runner for many images.</summary>
    internal ModelRunner Many => Runner(ref _many, ref _manyHas, batch: 32);

    /// <summary>Waits for exclusive use.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task EnterAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    /// <summary>Ends exclusive use.</summary>
    internal void Leave()
    {
        if (_isRetired) Free();
        _turn.Release();
    }

    /// <summary>Retires the model; its memory is freed now, or when its last user has left.</summary>
    public void Dispose()
    {
        _isRetired = true;
        if (!_turn.Wait(0)) return;
        Free();
        _turn.Release();
    }

    /// <summary>Makes sure that the weights are recent enough.</summary>
    /// <param name="live">The live weights of a run in progress.</param>
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


            // If there are weights already, do not wait for newer ones: the next picture will use them.
            if (_coming is { } coming && !(IsLive && _copy is not null))
                await Task.WhenAny(coming, Task.Delay(LiveWait, time, cancellation));
            if (_coming is { IsCompleted: true })
            {
                WeightsCopy? copy = await _coming;
                _coming = null;
                if (copy is not null)
                {
                    // Both runners load the new copy before their next use, so the old copy's memory can hold the next one.
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

    /// <summary>Reads examples by number.</summary>
    /// <param name="examples">The numbers, from 0.</param>
    /// <returns>The images, examples × pixels.</returns>
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

    /// <summary>Mean KL of each dimension over some examples, in nats; may be a few seconds old during a run.</summary>
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
