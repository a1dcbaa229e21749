using System.Runtime.InteropServices;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Data;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>
/// What a run folder keeps of the data in <c>examples.safetensors</c>, so that figures, export and report need no data: the size of an
/// image, the sizes of the splits, and the first of the examples that <see cref="ExamplePicker"/> picks of the evaluated split.
/// </summary>
/// <param name="Image">Size of an image.</param>
/// <param name="Split">The split of the examples: <c>test</c>, <c>validation</c> or <c>training</c>.</param>
/// <param name="Seed">The seed they were picked with.</param>
/// <param name="Sizes">Sizes of the splits.</param>
/// <param name="Positions">Positions of the examples in their split, in the order in which they were picked.</param>
/// <param name="Images">The examples, one after another.</param>
public sealed record KeptExamples(
    ImageShape Image, string Split, long Seed, SplitSizes Sizes, IReadOnlyList<int> Positions, ReadOnlyMemory<float> Images)
{
    private const string ImagesName = "images", DescriptionName = "examples";

    // Enough for every figure with its default options; the file of 64 colour images of 64×64 has 0.8 MB.
    private const int Most = 64;

    // Of large images fewer are kept, but as many as a report shows.
    private const int MostPixels = 1 << 24;

    private const float White = 255f;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Number of examples in <see cref="Split"/>.</summary>
    public int SplitCount => Split switch
    {
        "test" => Sizes.Test ?? 0,
        "validation" => Sizes.Validation ?? 0,
        _ => Sizes.Training,
    };

    /// <summary>Picks the examples of opened data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="seed">The run's evaluation seed.</param>
    public static KeptExamples Of(DataSplits data, long seed)
    {
        Split split = data.Test ?? data.Validation ?? data.Train;
        int count = Math.Min(Most, Math.Max(MostPixels / data.Image.Pixels, ReportFigures.ExamplesNeeded(data.Image)));
        int[] order = ExamplePicker.Order(split.Count, seed);
        return new KeptExamples(
            data.Image, split.Name, seed, SplitSizes.Of(data), order[..Math.Min(count, order.Length)],
            ExamplePicker.Pick(split, count, seed));
    }

    /// <summary>Whether the examples that <see cref="ExamplePicker"/> would pick are among these.</summary>
    /// <param name="count">How many; a smaller split has all it has.</param>
    public bool Has(int count) => Math.Min(count, SplitCount) <= Positions.Count;

    /// <summary>The first examples.</summary>
    /// <param name="count">How many; at most all.</param>
    public float[] First(int count) => Images[..(Math.Min(count, Positions.Count) * Image.Pixels)].ToArray();

    /// <summary>The example at a position of its split; null: it was not kept.</summary>
    /// <param name="position">The position, from 0.</param>
    public float[]? At(int position)
    {
        for (int i = 0; i < Positions.Count; i++)
            if (Positions[i] == position) return Images.Slice(i * Image.Pixels, Image.Pixels).ToArray();
        return null;
    }

    /// <summary>The examples as data of their own, for a run whose data is gone.</summary>
    public DataSplits ToSplits() => DataSplits.InMemory(Split, Image, Images);

    /// <summary>Writes the file of a run; an existing one is replaced at once.</summary>
    /// <param name="run">The run folder.</param>
    public void Write(RunFolder run)
    {
        int[] shape = [Positions.Count, Image.Channels, Image.Height, Image.Width];
        SafetensorsTensor tensor = ToBytes(Images.Span) is { } bytes
            ? new SafetensorsTensor(ImagesName, SafetensorsType.Byte, shape, bytes)
            : SafetensorsTensor.FromSingles(ImagesName, shape, Images.Span);
        var description = new Description(Split, Seed, Sizes, Positions);
        var metadata = new Dictionary<string, string> { [DescriptionName] = JsonSerializer.Serialize(description, Json) };
        DurableFile.PutInPlace(run.ExamplesPath, path => Safetensors.Write(path, [tensor], metadata), demand: () => { });
    }

    /// <summary>Reads the file of a run.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="notice">Told in one line of a file that is damaged.</param>
    /// <returns>Null where there is none, as in folders of earlier releases, or where it is damaged.</returns>
    public static KeptExamples? Read(RunFolder run, Action<string> notice)
    {
        if (!File.Exists(run.ExamplesPath)) return null;
        try
        {
            SafetensorsFile file = Safetensors.Read(run.ExamplesPath);
            Description? description = file.Metadata.TryGetValue(DescriptionName, out string? text)
                ? JsonSerializer.Deserialize<Description>(text, Json)
                : null;
            if (description is { Sizes: not null, Positions: { Count: > 0 } positions }
                && file.Find(ImagesName) is { Shape: [var count, > 0 and var channels, > 0 and var height, > 0 and var width] } tensor && count == positions.Count)
            {
                return new KeptExamples(
                    new ImageShape(channels, height, width), description.Split, description.Seed, description.Sizes, positions,
                    ToSingles(tensor));
            }
        }
        catch (Exception fault) when (fault is BadInputException or JsonException or InvalidOperationException or NotSupportedException)
        {
            // The same line as for a file with other contents.
        }

        notice($"{run.ExamplesPath} is damaged; the data itself is read instead");
        return null;
    }

    // Most images are bytes / 255, which a byte keeps exactly.
    private static byte[]? ToBytes(ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (pixels[i] is not (>= 0f and <= 1f)) return null;
            bytes[i] = (byte)MathF.Round(pixels[i] * White);
            if (bytes[i] / White != pixels[i]) return null;
        }

        return bytes;
    }

    private static float[] ToSingles(SafetensorsTensor tensor)
    {
        if (tensor.Type == SafetensorsType.Single) return MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
        if (tensor.Type != SafetensorsType.Byte) throw new JsonException("images are bytes or float32");
        var pixels = new float[tensor.Data.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = tensor.Data.Span[i] / White;
        return pixels;
    }

    private sealed record Description(string Split, long Seed, SplitSizes Sizes, IReadOnlyList<int> Positions);
}
