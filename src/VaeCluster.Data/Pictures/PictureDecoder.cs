using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Pictures;

/// <summary>Decodes and resizes image files, on all processors, to an array that the cache keeps.</summary>
internal static class PictureDecoder
{
    private const string Size = "size";
    private const string Fit = "fit";
    private const string Crop = "crop";
    private const string Channels = "channels";

    // Decoding this many bytes takes about as long as a cache lookup.
    private const long NotWorthCaching = 1L << 20;
    private const int ImagesAtOnce = 256;

    // Large pictures are decoded one after another, or every core would hold one; decoding takes a few times the picture itself.
    private const long BytesAtOnce = 1L << 27;

    /// <summary>The fields in the run file.</summary>
    internal static IReadOnlyList<FieldRule> Fields { get; } =
    [
        new(Size, FieldKind.IntegerList, "height and width to resize to; default: all images must have the same size")
        {
            Min = 1,
            Max = 8192,
        },
        new(Fit, FieldKind.Text, "crop: use the largest centred part with the aspect ratio of size; stretch: distort the image")
        {
            Default = Crop,
            Words = [Crop, "stretch"],
        },
        new(Channels, FieldKind.Text, "default: color if any image is in colour") { Words = ["grey", "color"] },
        .. GreyScale.FieldsWith("the largest of the files' bits, 255 for 8 and 65535 for 16"),
    ];

    /// <summary>Opens images: from the cache, or else by decoding them.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="pictures">The files.</param>
    /// <param name="training">The training images, whose size and channels these must have; null if these are the training images.</param>
    /// <param name="options">Whether images are kept in memory, and the cache.</param>
    /// <exception cref="BadInputException">A file is damaged or has another size, or a pixel is out of range.</exception>
    internal static ArrayImages Open(MemberSpec spec, IPictures pictures, ArrayImages? training, StorageOptions options)
    {
        ImageShape? wanted = WantedSize(spec);
        string key = Key(spec, pictures, training);
        ByteSource bytes;
        Format format;
        if (options.Cache.Find(key) is { } cached)
        {
            format = Format.Parse(cached.Note);
            var file = new FileBytes(cached.Path, 0, format.ImageBytes * pictures.Count);
            bytes = options.Keeps(spec, file.Length, pictures.Place) ? file.ToMemory() : file;
        }
        else
        {
            format = FormatOf(spec, pictures, wanted, training);
            var resizer = new Resizer(format.Shape, spec.Text(Fit) == Crop, format.Largest);
            long length = format.ImageBytes * pictures.Count;
            bool inMemory = options.Keeps(spec, length, pictures.Place);
            if (inMemory && length <= NotWorthCaching)
            {
                byte[] memory = new byte[length];
                using var stream = new MemoryStream(memory);
                Write(pictures, resizer, format.MostBytes, stream);
                bytes = new MemoryBytes(memory);
            }
            else
            {
                (string path, _) = options.Cache.GetOrMake(key, pictures.Place, length, stream =>
                {
                    Write(pictures, resizer, format.MostBytes, stream);
                    return format.ToString();
                });
                var file = new FileBytes(path, 0, length);
                bytes = inMemory ? file.ToMemory() : file;
            }
        }

        var layout = new ImageLayout(pictures.Count, format.Shape, ChannelsLast: false);
        NpyType type = format.Largest > byte.MaxValue ? NpyType.UInt16 : NpyType.Byte;
        var images = new ArrayImages(spec.Name, pictures.Place, layout, type, bytes, GreyScale.Of(spec, format.Largest, pictures.Place));
        images.Check();
        return images;
    }

    /// <summary>Keeps an exception that names a fault of the input, so that of several the first by name can be reported.</summary>
    internal static (T? Value, BadInputException? Fault) Attempt<T>(Func<T> work)
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

    private static ImageShape? WantedSize(MemberSpec spec)
    {
        if (!spec.Has(Size)) return null;
        int[] size = spec.Integers(Size);
        return size.Length is 1 or 2 ? new ImageShape(1, size[0], size[^1])
            : throw new BadInputException(
                BadInputException.RunFile, $"data.{Size}", $"[{string.Join(", ", size)}]", "[height, width], or [side]");
    }

    // Everything that determines the bytes: the contents of each file, and the processing.
    private static string Key(MemberSpec spec, IPictures pictures, ArrayImages? training)
    {
        string size = spec.Has(Size) ? string.Join('×', spec.Integers(Size)) : training is { } image ? image.Image.ToString() : "own";
        string channels = spec.Has(Channels) ? spec.Text(Channels) : training is { } other ? $"{other.Image.Channels}" : "own";
        return $"pictures 3\n{size} {spec.Text(Fit)} {channels}\n{pictures.Digest()}";
    }

    private static Format FormatOf(MemberSpec spec, IPictures pictures, ImageShape? wanted, ArrayImages? training)
    {
        int? channels = training?.Image.Channels ?? (spec.Has(Channels) ? spec.Text(Channels) == "color" ? 3 : 1 : null);
        int mostChannels = 1, largest = byte.MaxValue;
        long mostBytes = 0;
        ImageShape? all = wanted ?? training?.Image;
        string first = string.Empty;
        foreach (IReadOnlyList<PictureFile> batch in pictures.Batches(ImagesAtOnce))
        {
            (PictureSize Value, BadInputException? Fault)[] read =
                [.. batch.AsParallel().AsOrdered().Select(file => Attempt(() => file.ReadSize()))];
            for (int i = 0; i < read.Length; i++)
            {
                PictureSize size = read[i].Fault is { } fault ? throw fault : read[i].Value;
                mostBytes = Math.Max(mostBytes, size.Bytes);
                (mostChannels, largest) = (Math.Max(mostChannels, size.Channels), Math.Max(largest, size.Largest));
                if (all is null) (all, first) = (new ImageShape(1, size.Height, size.Width), System.IO.Path.GetFileName(batch[i].Name));
                if (wanted is null && (size.Height != all.Value.Height || size.Width != all.Value.Width))
                {
                    throw new BadInputException(
                        batch[i].Name, null, null,
                        $"is {size.Height}×{size.Width}, "
                        + (training is null ? $"{first} is {all.Value.Height}×{all.Value.Width}"
                            : $"training images are {all.Value.Height}×{all.Value.Width}")
                        + $"; set a size to resize to, for example {Size}: [64, 64]");
                }
            }
        }

        return new Format(all!.Value with { Channels = channels ?? mostChannels }, largest) { MostBytes = mostBytes };
    }

    private static void Write(IPictures pictures, Resizer resizer, long mostBytes, Stream stream)
    {
        int imageBytes = resizer.ImageBytes, atOnce = (int)Math.Clamp(BytesAtOnce / imageBytes, 1, ImagesAtOnce);
        var pixels = new byte[Math.Min(atOnce, pictures.Count) * imageBytes];
        var faults = new BadInputException?[atOnce];
        var threads = new ParallelOptions
        {
            MaxDegreeOfParallelism = (int)Math.Clamp(BytesAtOnce / Math.Max(1, mostBytes), 1, Environment.ProcessorCount),
        };
        foreach (IReadOnlyList<PictureFile> batch in pictures.Batches(atOnce))
        {
            Parallel.For(0, batch.Count, threads, i =>
            {
                (_, faults[i]) = Attempt(() =>
                {
                    resizer.Write(batch[i].Read(), pixels.AsSpan(i * imageBytes, imageBytes));
                    return true;
                });
            });
            // Report the first by name, so that the error does not depend on thread timing.
            if (faults.FirstOrDefault(fault => fault is not null) is { } bad) throw bad;
            stream.Write(pixels, 0, batch.Count * imageBytes);
        }
    }

    private sealed record Format(ImageShape Shape, int Largest)
    {
        /// <summary>Bytes of the largest picture before it is resized; not kept in the cache, where all are.</summary>
        internal long MostBytes { get; init; }

        internal long ImageBytes => (long)Shape.Pixels * (Largest > byte.MaxValue ? sizeof(ushort) : sizeof(byte));

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Shape.Channels} {Shape.Height} {Shape.Width} {Largest}");

        internal static Format Parse(string note)
        {
            int[] numbers = [.. note.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            return new Format(new ImageShape(numbers[0], numbers[1], numbers[2]), numbers[3]);
        }
    }
}
