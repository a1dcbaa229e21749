using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Labels;

/// <summary>The class of each image, from an array of numbers or text.</summary>
/// <param name="Classes">The classes, from 0.</param>
/// <param name="Names">The names of the classes, if they were text; otherwise null.</param>
internal sealed record LabelTable(int[] Classes, IReadOnlyList<string>? Names)
{
    private const string Column = "labelColumn";

    /// <summary>The field that chooses one of several columns.</summary>
    internal static FieldRule ColumnField { get; } = new(
        Column, FieldKind.Integer, "the column of the classes, from 0, where labels have several; default: they are one-hot")
    {
        Min = 0,
        Max = int.MaxValue,
    };

    /// <summary>Reads classes: whole numbers, text, or one-hot rows.</summary>
    /// <param name="spec">The dataset's fields, with or without <see cref="ColumnField"/>.</param>
    /// <param name="array">The array, row-major and little-endian.</param>
    /// <param name="place">The file or array, for messages.</param>
    /// <param name="count">The number of images.</param>
    /// <exception cref="BadInputException">There is not one class for each image.</exception>
    internal static LabelTable Of(MemberSpec spec, NpyArray array, string place, int count)
    {
        if (array.Shape.Count is not (1 or 2) || array.Shape[0] != count)
        {
            throw new BadInputException(
                place, "shape", $"({string.Join(", ", array.Shape)})", $"expected ({count},), a class for each image");
        }

        int columns = array.Shape.Count == 1 ? 1 : array.Shape[1];
        if (spec.Has(Column) && spec.Integer(Column) >= columns)
        {
            throw new BadInputException(
                BadInputException.RunFile, $"data.{Column}", $"{spec.Integer(Column)}", $"from 0 to {columns - 1}, the columns of {place}");
        }

        if (array.ToTexts() is { } texts) return OfTexts(Pick(spec, texts, columns, place));
        bool isOneHot = columns > 1 && !spec.Has(Column);
        if (array.ToIntegers() is not { } numbers)
            throw new BadInputException(place, null, null, $"classes must be whole numbers from 0 to {ushort.MaxValue}");
        long[] classes = isOneHot ? Hot(numbers, columns, place) : Pick(spec, numbers, columns, place);
        if (classes.Any(value => value is < 0 or > ushort.MaxValue))
            throw new BadInputException(place, null, null, $"classes must be whole numbers from 0 to {ushort.MaxValue}");
        return new LabelTable([.. classes.Select(value => (int)value)], null);
    }

    /// <summary>Numbers the distinct texts in natural order.</summary>
    /// <param name="texts">The class of each image.</param>
    internal static LabelTable OfTexts(IReadOnlyList<string> texts)
    {
        string[] names = [.. texts.Distinct().Order(NaturalOrder.Comparer)];
        Dictionary<string, int> numbers = names.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new LabelTable([.. texts.Select(text => numbers[text])], names);
    }

    /// <summary>The same classes numbered like those of the training images, which have names.</summary>
    /// <param name="training">The names of the training images' classes; null if they have none.</param>
    /// <param name="place">The file or array, for messages.</param>
    /// <exception cref="BadInputException">A class does not occur in training, or only one of the two has names.</exception>
    internal LabelTable As(IReadOnlyList<string>? training, string place)
    {
        if (Names is null || training is null)
        {
            return Names is null && training is null ? this : throw new BadInputException(
                place, null, null, "classes must be text in training and in held-out data, or numbers in both");
        }

        if (Names.Except(training).FirstOrDefault() is { } stranger)
        {
            throw new BadInputException(
                place, null, null, $"class '{stranger}' not found in the training images, whose classes are {string.Join(", ", training)}");
        }

        Dictionary<string, int> numbers = training.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new LabelTable([.. Classes.Select(value => numbers[Names[value]])], training);
    }

    /// <summary>The images with these classes.</summary>
    /// <param name="images">The images.</param>
    internal LabelledImages On(IDataset images) => new(images, Classes, Names);

    private static T[] Pick<T>(MemberSpec spec, T[] values, int columns, string place)
    {
        if (columns == 1) return values;
        if (!spec.Has(Column)) throw Several(columns, place);
        int column = spec.Integer(Column);
        return [.. Enumerable.Range(0, values.Length / columns).Select(row => values[(row * columns) + column])];
    }

    private static long[] Hot(long[] values, int columns, string place)
    {
        long[] classes = new long[values.Length / columns];
        for (int row = 0; row < classes.Length; row++)
        {
            ReadOnlySpan<long> one = values.AsSpan(row * columns, columns);
            int hot = one.IndexOf(1);
            if (hot < 0 || one[(hot + 1)..].ContainsAnyExcept(0) || one[..hot].ContainsAnyExcept(0)) throw Several(columns, place);
            classes[row] = hot;
        }

        return classes;
    }

    private static BadInputException Several(int columns, string place) => new(
        place, null, null, $"has {columns} columns and is not one-hot; choose the one with the classes: {Column}: 0 to {columns - 1}");
}
