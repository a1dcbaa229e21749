using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>The data of a run: training examples, validation examples held out of them, and the dataset's own test images.</summary>
public sealed class DataSplits
{
    // Held-out examples must be the same in every trial of a sweep and in every later evaluation, whatever their seeds:
    // if they depended on the evaluation seed, another seed would evaluate a model on images that it was trained on.
    private const long HoldOutSeed = 0;

    private readonly DatasetPair _sources;

    // Keeps fingerprints, so that no images are hashed twice.
    private readonly DatasetCache _cache;

    private DataSplits(DatasetPair sources, DatasetCache cache, Split train, Split? validation, Split? test)
    {
        _sources = sources;
        _cache = cache;
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>What the user should know about how the data was read, a line each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The training examples; dynamic binarisation draws anew in every epoch, from the training seed.</summary>
    public Split Train { get; }

    /// <summary>
    /// Examples held out of the training data, or those that come with the dataset for this purpose, with the same binarised images in
    /// every epoch; null if there are none.
    /// </summary>
    public Split? Validation { get; }

    /// <summary>The dataset's own test examples, with the same binarised images in every epoch; null if there are none.</summary>
    public Split? Test { get; }

    /// <summary>Size of each image.</summary>
    public ImageShape Image => Train.Image;

    /// <summary>Opens a run's data.</summary>
    /// <param name="data">
    /// The <c>data</c> section of the run file. Its limit keeps the first n training examples, before any are held out; its validation is
    /// the fraction of them to hold out, rounded to at least one example.
    /// </param>
    /// <param name="seed">The training seed, which draws the binarisation of training images.</param>
    /// <param name="evaluationSeed">The evaluation seed, which draws the binarisation of held-out images.</param>
    /// <param name="cache">Datasets that are already open, shared between runs; null to open the files anew.</param>
    /// <exception cref="BadInputException">
    /// A file is missing, damaged or does not match the fingerprint, or no training examples are left.
    /// </exception>
    public static DataSplits Open(DataSpec data, long seed, long evaluationSeed, DatasetCache? cache = null)
    {
        cache ??= new DatasetCache();
        DatasetPair opened = cache.Open(data.Dataset);
        var training = new Binarizer(data.Binarize, seed, Fixed: false);
        DataSplits splits = Split(opened, cache, data, training, heldOut: new Binarizer(data.Binarize, evaluationSeed, Fixed: true));
        if (data.Fingerprint is { } wanted && splits.Fingerprint() is var found && found != wanted)
            throw new BadInputException(BadInputException.RunFile, "data.fingerprint", wanted, $"the data has fingerprint {found}");
        return splits;
    }

    /// <summary>
    /// The fingerprint of the training data before limit, hold-out and binarisation: see <see cref="IDataset.Fingerprint"/>.
    /// </summary>
    public string Fingerprint() => _cache.Fingerprint(_sources.Training);

    /// <summary>Records what the data are; reads all images once.</summary>
    public DataRecord Record() => new(Record(_sources.Training)!, Record(_sources.Validation), Record(_sources.Test));

    /// <summary>Compares the data with what a run began with.</summary>
    /// <param name="began">What was recorded then.</param>
    /// <returns>What differs, from what, to what; null: nothing does.</returns>
    public string? DifferenceFrom(DataRecord began) => Difference("training", began.Training, _sources.Training)
        ?? Difference("validation", began.Validation, _sources.Validation)
        ?? Difference("test", began.Test, _sources.Test);

    private ImageSetRecord? Record(IDataset? data) => data is null ? null : DataIdentity.Record(data, _cache.Fingerprint);

    private string? Difference(string name, ImageSetRecord? before, IDataset? now) => (before, now) switch
    {
        (null, null) => null,
        ({ } recorded, null) => $"the {name} data were {recorded.Describe()}, and there are none now",
        (null, { }) => $"there were no {name} data, and there are some now",
        ({ } recorded, { } data) when DataIdentity.IsSame(recorded, data, _cache.Fingerprint) => null,
        ({ } recorded, { } data) => $"the {name} data were {recorded.Describe()} and are now {Record(data)!.Describe()}",
    };

    /// <summary>Images in memory, as a model sees them, in place of data that is gone: one split and no other.</summary>
    /// <param name="split">The split's name.</param>
    /// <param name="image">Size of each image.</param>
    /// <param name="pixels">Values in [0, 1] of a whole number of images, one after another.</param>
    public static DataSplits InMemory(string split, ImageShape image, ReadOnlyMemory<float> pixels) =>
        HeldOut(split, new DatasetPair(new FloatImages(split, image, pixels), Test: null),
            new Binarizer(Binarization.None, Seed: 0, Fixed: true));

    /// <summary>Images to evaluate a model on: all of them are held out.</summary>
    /// <param name="name">What they are called where a split is named.</param>
    /// <param name="opened">The images.</param>
    /// <param name="heldOut">How grey values are binarised.</param>
    internal static DataSplits HeldOut(string name, DatasetPair opened, Binarizer heldOut) => new(
        opened, new DatasetCache(),
        new Split(name, opened.Training, opened.Training.Count, ids: null, heldOut),
        validation: null,
        opened.Test is null ? null : new Split("test", opened.Test, opened.Test.Count, ids: null, heldOut));

    private static DataSplits Split(DatasetPair opened, DatasetCache cache, DataSpec data, Binarizer training, Binarizer heldOut)
    {
        IDataset source = opened.Training;
        int count = Math.Min(source.Count, data.Limit ?? source.Count);
        if (opened.Validation is not null && data.Validation > 0)
        {
            throw new BadInputException(
                BadInputException.RunFile, "data.validation", data.Validation.ToString(CultureInfo.InvariantCulture),
                $"the data has {opened.Validation.Count} validation images of its own; leave the field out, or set it to 0");
        }

        (int[]? trainIds, int[]? validationIds) = HoldOut(count, data.Validation);
        Split? validation = opened.Validation is { } own ? new Split("validation", own, own.Count, ids: null, heldOut)
            : validationIds is null ? null : new Split("validation", source, validationIds.Length, validationIds, heldOut);
        return new DataSplits(
            opened,
            cache,
            new Split("training", source, trainIds?.Length ?? count, trainIds, training),
            validation,
            opened.Test is null ? null : new Split("test", opened.Test, opened.Test.Count, ids: null, heldOut))
        {
            Notes = opened.Notes,
        };
    }

    private static (int[]? Train, int[]? Validation) HoldOut(int count, double fraction)
    {
        if (fraction <= 0)
            return (null, null);
        int held = Math.Max(1, (int)Math.Round(count * fraction));
        if (held >= count)
        {
            throw new BadInputException(
                BadInputException.RunFile, "data.validation", fraction.ToString(CultureInfo.InvariantCulture),
                $"leaves none of the {count} examples to train on");
        }

        int[] order = new int[count];
        Permutation.Fill(order, HoldOutSeed, RandomPurpose.ValidationSplit, time: 0);
        int[] validation = order[..held], train = order[held..];
        // Sorted, so that reading runs forward through memory.
        Array.Sort(validation);
        Array.Sort(train);
        return (train, validation);
    }
}
