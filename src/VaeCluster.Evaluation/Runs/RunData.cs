using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>
/// The data of a trained run: opened only when something asks for it, since most of what is done with a trained model needs no more than
/// the run folder keeps. Not thread-safe.
/// </summary>
public sealed class RunData
{
    private readonly Func<DataSplits> _open;
    private DataSplits? _splits;

    /// <summary>Data that is open.</summary>
    /// <param name="splits">The splits.</param>
    public RunData(DataSplits splits) => (_splits, _open) = (splits, () => splits);

    /// <summary>Data to open when it is needed.</summary>
    /// <param name="kept">What the run folder keeps of it.</param>
    /// <param name="open">Opens it.</param>
    internal RunData(KeptExamples kept, Func<DataSplits> open) => (Kept, _open) = (kept, open);

    /// <summary>What the run folder keeps of the data; null: nothing.</summary>
    public KeptExamples? Kept { get; }

    /// <summary>The splits.</summary>
    /// <exception cref="BadInputException">The data is missing or damaged, or its images do not fit the model.</exception>
    public DataSplits Splits
    {
        get
        {
            if (_splits is not null) return _splits;
            try
            {
                return _splits = _open();
            }
            catch (BadInputException fault) when (Kept is { } kept)
            {
                throw new BadInputException(fault.File, fault.Field, fault.Value, FormattableString.Invariant(
                    $"{fault.Allowed}; without its data a run shows only the {kept.Positions.Count} {kept.Split} examples in its folder"),
                    fault);
            }
        }
    }

    /// <summary>Sizes of the splits.</summary>
    /// <exception cref="BadInputException">See <see cref="Splits"/>; never where something is kept.</exception>
    public SplitSizes Sizes => Kept?.Sizes ?? SplitSizes.Of(Splits);

    /// <summary>The first path of a run's data that is not on this machine; null: all are, or there is none.</summary>
    /// <param name="spec">The run.</param>
    public static string? MissingPath(RunSpec spec)
    {
        MemberSpec dataset = spec.Data.Dataset;
        Member? member = RunVocabulary.All.Datasets.FirstOrDefault(known => known.Name == dataset.Name);
        return member?.Fields.Where(field => field.Kind == FieldKind.Path && dataset.Has(field.Name))
            .Select(field => dataset.Text(field.Name)).FirstOrDefault(path => !Path.Exists(path));
    }
}
