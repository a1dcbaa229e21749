using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Hdf;
using VaeCluster.Data.Idx;
using VaeCluster.Data.Npz;
using VaeCluster.Data.Pictures;
using VaeCluster.Data.Sprites;
using VaeCluster.Data.Tables;

namespace VaeCluster.Data;

/// <summary>
/// The datasets that a run file may choose from. To add one, write a class with a <see cref="DatasetKind"/> and list it here.
/// </summary>
public static class Datasets
{
    private static readonly DatasetKind[] Kinds =
    [
        DSprites.Kind, Mnist.Kind, IdxDataset.Kind, NpyDataset.Kind, NpzDataset.Kind, ImagesDataset.Kind, CsvDataset.Kind,
        ParquetDataset.Kind, HdfDataset.Kind,
    ];

    /// <summary>Their names and fields, for the vocabulary of run files.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. Kinds.Select(kind => kind.Member)];

    /// <summary>Opens a dataset.</summary>
    /// <param name="dataset">The dataset with its fields; paths must be absolute.</param>
    /// <exception cref="BadInputException">The name is unknown, or a file is missing or damaged.</exception>
    public static DatasetPair Open(MemberSpec dataset) => KindOf(dataset).Open(dataset);

    /// <summary>A sign that changes when one of a dataset's files is replaced.</summary>
    /// <param name="dataset">See <see cref="Open"/>.</param>
    /// <exception cref="BadInputException">The name is unknown.</exception>
    internal static string Stamp(MemberSpec dataset) => DatasetFiles.Stamp(dataset, KindOf(dataset).Member);

    private static DatasetKind KindOf(MemberSpec dataset) => Kinds.FirstOrDefault(kind => kind.Member.Name == dataset.Name)
        ?? throw new BadInputException(
            BadInputException.RunFile, "data.dataset", dataset.Name,
            $"one of {string.Join(", ", Members.Select(member => member.Name))}");
}
