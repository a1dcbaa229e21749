using VaeCluster.Core.Numerics;

namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>
/// A classifier of gradient-boosted regression trees (Friedman 2001) with scikit-learn's defaults: 100 rounds of one tree per class, depth
/// 3, learning rate 0.1, log loss, no subsampling. Splits are between the bins of <see cref="BinnedCodes"/>. The trees of a round are
/// independent and are grown in parallel; the bits do not depend on the number of threads.
/// </summary>
internal sealed class BoostedTrees
{
    private const int Rounds = 100;
    private const double LearningRate = 0.1;

    private readonly BinnedCodes _bins;
    private readonly int[] _labels;
    private readonly int[] _classes;
    private readonly int[] _counts;
    private readonly int _threads;
    private readonly double[][] _raw;
    private readonly double[][] _rawTest;
    private readonly double[][] _probabilities;

    /// <summary>Prepares a classifier.</summary>
    /// <param name="bins">The features.</param>
    /// <param name="labels">The labels of the training rows, from 0.</param>
    /// <param name="size">Number of possible labels; labels that do not occur are never predicted.</param>
    /// <param name="threads">Threads.</param>
    internal BoostedTrees(BinnedCodes bins, int[] labels, int size, int threads)
    {
        _bins = bins;
        _threads = threads;
        var counts = new int[size];
        foreach (int label in labels) counts[label]++;
        _classes = [.. Enumerable.Range(0, size).Where(label => counts[label] > 0)];
        _counts = [.. _classes.Select(label => counts[label])];
        _labels = [.. labels.Select(label => Array.IndexOf(_classes, label))];

        // Two classes need only one tree per round, for the second class.
        int trees = _classes.Length == 2 ? 1 : _classes.Length;
        _raw = new double[trees][];
        _rawTest = new double[trees][];
        _probabilities = new double[trees][];
        for (int k = 0; k < trees; k++)
        {
            double start = trees == 1 && _classes.Length == 2
                ? ScalarMath.Log((double)_counts[1] / _counts[0])
                : ScalarMath.Log((double)_counts[k] / labels.Length);
            _raw[k] = Filled(labels.Length, start);
            _rawTest[k] = Filled(bins.Test.Length / bins.Latent, start);
            _probabilities[k] = new double[labels.Length];
        }

        Importances = new double[bins.Latent];
    }

    /// <summary>
    /// How much each dimension's splits reduced the squared error over all trees, normalised to sum 1; all 0 without any split.
    /// </summary>
    internal double[] Importances { get; }

    /// <summary>Grows the trees.</summary>
    /// <param name="cancellation">Cancels between two rounds.</param>
    internal void Fit(CancellationToken cancellation)
    {
        if (_classes.Length < 2) return;
        int trees = _raw.Length;
        var gains = new double[trees][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads };
        var growers = new TreeGrower[Math.Min(_threads, trees)];
        for (int thread = 0; thread < growers.Length; thread++) growers[thread] = new TreeGrower(_bins);
        for (int k = 0; k < trees; k++) gains[k] = new double[_bins.Latent];

        for (int round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            UpdateProbabilities(parallel);
            int next = -1;
            Parallel.For(0, growers.Length, parallel, thread =>
            {
                for (int k = Interlocked.Increment(ref next); k < trees; k = Interlocked.Increment(ref next))
                    Grow(growers[thread], k, gains[k]);
            });
        }

        double all = 0;
        foreach (double[] classGains in gains)
        {
            for (int j = 0; j < Importances.Length; j++) Importances[j] += classGains[j];
        }

        foreach (double gain in Importances) all += gain;
        if (all > 0)
            for (int j = 0; j < Importances.Length; j++) Importances[j] /= all;
    }

    /// <summary>The fraction of test rows whose label is predicted.</summary>
    internal double TestAccuracy(int[] labels)
    {
        int right = 0;
        for (int row = 0; row < labels.Length; row++)
            if (Predict(row) == labels[row]) right++;
        return (double)right / labels.Length;
    }

    private int Predict(int row)
    {
        if (_classes.Length == 2) return _classes[_rawTest[0][row] >= 0 ? 1 : 0];
        int best = 0;
        for (int k = 1; k < _rawTest.Length; k++)
            if (_rawTest[k][row] > _rawTest[best][row]) best = k;
        return _classes[best];
    }

    private void Grow(TreeGrower grower, int k, double[] gains)
    {
        double scale = _raw.Length == 1 ? 1 : (_raw.Length - 1.0) / _raw.Length;
        int own = _raw.Length == 1 ? 1 : k;
        grower.Grow(_labels, own, _probabilities[k], scale * LearningRate, gains);
        grower.AddTo(_raw[k], _rawTest[k]);
    }

    private void UpdateProbabilities(ParallelOptions parallel)
    {
        const int BlockRows = 512;
        int rows = _labels.Length;
        Parallel.For(0, (rows + BlockRows - 1) / BlockRows, parallel, block =>
        {
            for (int row = block * BlockRows; row < Math.Min(rows, (block + 1) * BlockRows); row++)
            {
                if (_raw.Length == 1) _probabilities[0][row] = 1 / (1 + ScalarMath.Exp(-_raw[0][row]));
                else Softmax(row);
            }
        });
    }

    private void Softmax(int row)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double[] raw in _raw) largest = Math.Max(largest, raw[row]);
        for (int k = 0; k < _raw.Length; k++)
        {
            double value = ScalarMath.Exp(_raw[k][row] - largest);
            _probabilities[k][row] = value;
            sum += value;
        }

        foreach (double[] probabilities in _probabilities) probabilities[row] /= sum;
    }

    private static double[] Filled(int length, double value)
    {
        var values = new double[length];
        Array.Fill(values, value);
        return values;
    }
}
