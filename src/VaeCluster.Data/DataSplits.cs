using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>The data of a run: what it trains on, what is held out of that, and the data's own test images.</summary>
public sealed class DataSplits
{
    // Held-out examples must be the same in every trial of a sweep and in every later evaluation, whatever their seeds:
    // were they drawn by the evaluation's seed, another seed would judge a model on images that it was trained on.
    private const long HoldOutSeed = 0;

    private readonly IDataset _source;
    private readonly DatasetCache? _cache;

    private DataSplits(IDataset source, DatasetCache? cache, Split train, Split? validation, Split? test)
    {
        _source = source;
        _cache = cache;
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>The examples to learn from; dynamic binarisation draws anew in every epoch, from the training seed.</summary>
    public Split Train { get; }

    /// <summary>Examples held out of the training data, with the same binarised images in every epoch; null: none.</summary>
    public Split? Validation { get; }

    /// <summary>The data's own test examples, with the same binarised images in every epoch; null: none.</summary>
    public Split? Test { get; }

    /// <summary>Size of each image.</summary>
    public ImageShape Image => Train.Image;

    /// <summary>Opens a run's data.</summary>
    /// <param name="data">
    /// The run file's section. Its limit cuts the training data to the first n examples, before any are held out; its validation
    /// is the fraction of them to hold out, rounded, at least one example.
    /// </param>
    /// <param name="seed">The training seed: it draws the binarisation of training images.</param>
    /// <param name="evaluationSeed">The evaluation seed: it draws the binarisation of held-out images.</param>
    /// <param name="cache">Data that are open already; null: none are.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or other than its fingerprint, or nothing is left to train on.</exception>
    public static DataSplits Open(DataSpec data, long seed, long evaluationSeed, DatasetCache? cache = null)
    {
        DatasetPair opened = cache is null ? Datasets.Open(data.Dataset) : cache.Open(data.Dataset);
        var training = new Binarizer(data.Binarize, seed, Fixed: false);
        DataSplits splits = Split(opened, cache, data, training, heldOut: new Binarizer(data.Binarize, evaluationSeed, Fixed: true));
        if (data.Fingerprint is { } wanted && splits.Fingerprint() is var found && found != wanted)
            throw new BadInputException(BadInputException.RunFile, "data.fingerprint", wanted, $"{found}, that of the data at hand");
        return splits;
    }

    /// <summary>
    /// The fingerprint of the training data before limit, hold-out and binarisation: see <see cref="IDataset.Fingerprint"/>.
    /// </summary>
    public string Fingerprint() => _cache is null ? _source.Fingerprint() : _cache.Fingerprint(_source);

    private static DataSplits Split(DatasetPair opened, DatasetCache? cache, DataSpec data, Binarizer training, Binarizer heldOut)
    {
        IDataset source = opened.Training;
        int count = Math.Min(source.Count, data.Limit ?? source.Count);
        (int[]? trainIds, int[]? validationIds) = HoldOut(count, data.Validation);
        return new DataSplits(
            source,
            cache,
            new Split("training", source, trainIds?.Length ?? count, trainIds, training),
            validationIds is null ? null : new Split("validation", source, validationIds.Length, validationIds, heldOut),
            opened.Test is null ? null : new Split("test", opened.Test, opened.Test.Count, ids: null, heldOut));
    }

    private static (int[]? Train, int[]? Validation) HoldOut(int count, double fraction)
    {
        if (fraction <= 0)
            return (null, null);
        int held = Math.Max(1, (int)Math.Round(count * fraction));
        if (held >= count)
        {
            throw new BadInputException(
                BadInputException.RunFile, "data.validation", fraction.ToString(CultureInfo.InvariantCulture), $"of {count} examples it leaves none to train on");
        }

        int[] order = new int[count];
        Permutation.Fill(order, HoldOutSeed, RandomPurpose.ValidationSplit, time: 0);
        int[] validation = order[..held], train = order[held..];
        // In the data's order, so that reading runs forward through memory.
        Array.Sort(validation);
        Array.Sort(train);
        return (train, validation);
    }
}
