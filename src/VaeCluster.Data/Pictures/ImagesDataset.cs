using System.Globalization;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// The dataset <c>images</c>: a folder of PNG, PGM and PPM files, resized to one size. If every file is in a subfolder, the subfolders
/// are the classes.
/// </summary>
public static class ImagesDataset
{
    private const string Path = "path";
    private const string TestPath = "testPath";
    private const string Size = "size";
    private const string Fit = "fit";
    private const string Crop = "crop";
    private const string Channels = "channels";

    // Decoding this many bytes takes about as long as a cache lookup.
    private const long NotWorthCaching = 1L << 20;
    private const int ImagesAtOnce = 256;

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "images",
            "a folder of PNG, PGM and PPM files, resized; if all files are in subfolders, these are the classes",
            [
                new FieldRule(Path, FieldKind.Path, "folder of training images, including subfolders") { Required = true },
                new FieldRule(TestPath, FieldKind.Path, "folder of test images; default: no test split"),
                new FieldRule(Size, FieldKind.IntegerList, "height and width to resize to; default: all images must have the same size")
                {
                    Min = 1,
                    Max = 8192,
                },
                new FieldRule(
                    Fit, FieldKind.Text, "crop: use the largest centred part with the aspect ratio of size; stretch: distort the image")
                {
                    Default = Crop,
                    Words = [Crop, "stretch"],
                },
                new FieldRule(Channels, FieldKind.Text, "default: color if any image is in colour") { Words = ["grey", "color"] },
                StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the folders that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        ImageShape? wanted = WantedSize(spec);
        PictureFolder folder = PictureFolder.Find(spec.Text(Path));
        ArrayImages training = Decode(spec, folder, wanted, training: null, options);
        IDataset described = WithLabels(training, folder, folder);
        if (!spec.Has(TestPath)) return new DatasetPair(described, Test: null);

        PictureFolder testFolder = PictureFolder.Find(spec.Text(TestPath));
        ArrayImages test = Decode(spec, testFolder, wanted, training.Image, options);
        return new DatasetPair(described, WithLabels(test, testFolder, folder));
    }

    /// <summary>Opens a single image file.</summary>
    /// <param name="spec">The fields; <c>path</c> is the file.</param>
    /// <param name="options">Memory and cache.</param>
    internal static DatasetPair OpenFile(MemberSpec spec, StorageOptions options)
    {
        string path = spec.Text(Path);
        var folder = new PictureFolder(System.IO.Path.GetDirectoryName(path)!, [System.IO.Path.GetFileName(path)]);
        ArrayImages image = Decode(spec, folder, WantedSize(spec), training: null, options);
        image.FileNames = folder.Files;
        return new DatasetPair(image, Test: null);
    }

    private static ImageShape? WantedSize(MemberSpec spec)
    {
        if (!spec.Has(Size)) return null;
        int[] size = spec.Integers(Size);
        return size.Length is 1 or 2 ? new ImageShape(1, size[0], size[^1])
            : throw new BadInputException(
                BadInputException.RunFile, $"data.{Size}", $"[{string.Join(", ", size)}]", "[height, width], or [side]");
    }

    private static IDataset WithLabels(ArrayImages images, PictureFolder folder, PictureFolder training)
    {
        images.FileNames = folder.Files;
        if (training.Classes is not { } classes || folder.Classes is not { } own) return images;
        if (own.Except(classes).FirstOrDefault() is { } stranger)
            throw new BadInputException(
                folder.FullPath(stranger), null, null,
                $"class not found in the training images, whose classes are {string.Join(", ", classes)}");
        Dictionary<string, int> labels = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new LabelledImages(images, [.. folder.Files.Select(file => labels[PictureFolder.ClassOf(file)])], classes);
    }

    private static ArrayImages Decode(
        MemberSpec spec, PictureFolder folder, ImageShape? wanted, ImageShape? training, StorageOptions options)
    {
        string key = Key(spec, folder, training);
        ByteSource bytes;
        ImageShape shape;
        if (options.Cache.Find(key) is { } cached)
        {
            shape = ShapeOf(cached.Note);
            var file = new FileBytes(cached.Path, 0, (long)shape.Pixels * folder.Files.Count);
            bytes = options.Keeps(spec, file.Length, folder.Path) ? file.ToMemory() : file;
        }
        else
        {
            shape = Shape(spec, folder, wanted, training);
            string shapeText = string.Create(CultureInfo.InvariantCulture, $"{shape.Channels} {shape.Height} {shape.Width}");
            var resizer = new Resizer(shape, spec.Text(Fit) == Crop);
            long length = (long)shape.Pixels * folder.Files.Count;
            bool inMemory = options.Keeps(spec, length, folder.Path);
            if (inMemory && length <= NotWorthCaching)
            {
                byte[] memory = new byte[length];
                using var stream = new MemoryStream(memory);
                Write(folder, shape, resizer, stream);
                bytes = new MemoryBytes(memory);
            }
            else
            {
                (string path, _) = options.Cache.GetOrMake(key, folder.Path, length, stream =>
                {
                    Write(folder, shape, resizer, stream);
                    return shapeText;
                });
                var file = new FileBytes(path, 0, length);
                bytes = inMemory ? file.ToMemory() : file;
            }
        }

        var layout = new ImageLayout(folder.Files.Count, shape, ChannelsLast: false);
        return new ArrayImages(spec.Name, folder.Path, layout, NpyType.Byte, bytes, new GreyScale(0, byte.MaxValue));
    }

    private static ImageShape ShapeOf(string note)
    {
        int[] numbers = [.. note.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new ImageShape(numbers[0], numbers[1], numbers[2]);
    }

    // Everything that determines the bytes: name, length and time of each file, and the processing.
    private static string Key(MemberSpec spec, PictureFolder folder, ImageShape? training)
    {
        var key = new StringBuilder("images 1\n");
        string size = spec.Has(Size) ? string.Join('×', spec.Integers(Size)) : training is { } image ? image.ToString() : "own";
        string channels = spec.Has(Channels) ? spec.Text(Channels) : training is { } other ? $"{other.Channels}" : "own";
        key.Append(CultureInfo.InvariantCulture, $"{System.IO.Path.GetFullPath(folder.Path)}\n{size} {spec.Text(Fit)} {channels}\n");
        foreach (string file in folder.Files)
        {
            // Follow symbolic links: it is their target that changes.
            string path = folder.FullPath(file);
            var info = new FileInfo(path);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
            if (!info.Exists) throw new BadInputException(path, null, null, "is a broken symbolic link");
            key.Append(CultureInfo.InvariantCulture, $"{file}\n{info.Length} {info.LastWriteTimeUtc.Ticks}\n");
        }

        return key.ToString();
    }

    private static ImageShape Shape(MemberSpec spec, PictureFolder folder, ImageShape? wanted, ImageShape? training)
    {
        (PictureSize Value, BadInputException? Fault)[] read =
            [.. folder.Files.AsParallel().AsOrdered().Select(file => Attempt(() => PictureReader.ReadSize(folder.FullPath(file))))];
        PictureSize[] sizes = [.. read.Select(Result)];
        int channels = training?.Channels
            ?? (spec.Has(Channels) ? spec.Text(Channels) == "color" ? 3 : 1 : sizes.Max(picture => picture.Channels));
        if (wanted is { } size) return size with { Channels = channels };
        ImageShape all = training ?? new ImageShape(channels, sizes[0].Height, sizes[0].Width);
        int other = Array.FindIndex(sizes, picture => picture.Height != all.Height || picture.Width != all.Width);
        return other < 0 ? all : throw new BadInputException(
            folder.FullPath(folder.Files[other]), null, null,
            $"is {sizes[other].Height}×{sizes[other].Width}, "
            + (training is null ? $"{folder.Files[0]} is {all.Height}×{all.Width}" : $"training images are {all.Height}×{all.Width}")
            + $"; set a size to resize to, for example {Size}: [64, 64]");
    }

    private static void Write(PictureFolder folder, ImageShape shape, Resizer resizer, Stream stream)
    {
        var batch = new byte[Math.Min(ImagesAtOnce, folder.Files.Count) * shape.Pixels];
        var faults = new BadInputException?[ImagesAtOnce];
        for (int first = 0; first < folder.Files.Count; first += ImagesAtOnce)
        {
            int start = first, count = Math.Min(ImagesAtOnce, folder.Files.Count - first);
            Parallel.For(0, count, i =>
            {
                (_, faults[i]) = Attempt(() =>
                {
                    Picture picture = PictureReader.Read(folder.FullPath(folder.Files[start + i]));
                    resizer.Write(picture, batch.AsSpan(i * shape.Pixels, shape.Pixels));
                    return true;
                });
            });
            // Report the first by name, so that the error does not depend on thread timing.
            if (faults.FirstOrDefault(fault => fault is not null) is { } bad) throw bad;
            stream.Write(batch, 0, count * shape.Pixels);
        }
    }

    private static (T? Value, BadInputException? Fault) Attempt<T>(Func<T> work)
    {
        try
        {
            return (work(), null);
        }
        catch (BadInputException fault)
        {
            return (default, fault);
        }
    }

    private static T Result<T>((T? Value, BadInputException? Fault) attempt) => attempt.Fault is { } fault ? throw fault : attempt.Value!;
}
