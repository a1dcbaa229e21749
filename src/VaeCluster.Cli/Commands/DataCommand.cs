using System.CommandLine;
using System.Globalization;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Pictures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>data</c>: datasets.</summary>
internal static class DataCommand
{
    // Enough for four digits: one number is not worth reading a large dataset as a whole.
    private const int MeanExamples = 2000;

    private const int SheetSide = 10;

    // A page: more would push what else there is to see off the screen.
    private const int MostClasses = 40;

    internal static Command Create() => new Verb("data", "List, inspect, draw and download datasets.")
    {
        CreateList(), CreateInspect(), CreateRender(), DataDownloadCommand.Create(),
    };

    private static Verb CreateList()
    {
        var verb = new Verb("list", "List the kinds of datasets with their fields, and the public sets that can be downloaded.")
        {
            Examples = ["data list"],
        };
        verb.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (Member member in Datasets.Members)
            {
                output.WriteLine($"{member.Name,-10} {member.Summary}");
                foreach (FieldRule field in member.Fields)
                    output.WriteLine($"  {field.Name,-16} {field.Summary}{(field.Required ? " (required)" : string.Empty)}");
            }

            DataDownloadCommand.List(output);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Verb CreateInspect()
    {
        Argument<string> source = Source();
        Option<string?> path = PathOption();
        var verb = new Verb("inspect", "Describe a dataset: splits, sizes, pixels, fingerprint; and draw a contact sheet.")
        {
            Examples = ["data inspect run.yaml", "data inspect npz --path dsprites.npz --sheet sheet.png",
                "data inspect mnist --path data/mnist"],
        };
        Option<string?> sheet = SharedOptions.Picture("--sheet", "Draw 100 random training images into this PNG.");
        verb.Arguments.Add(source);
        verb.Options.Add(path);
        verb.Options.Add(sheet);
        verb.SetAction(parsed =>
        {
            DataSplits data = DataSource.Open(parsed.GetRequiredValue(source), parsed.GetValue(path));
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (Split split in new[] { data.Train, data.Validation, data.Test }.OfType<Split>())
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{split.Name,-12} {split.Count:#,0} images"));
            output.WriteLine($"{"image",-12} {data.Image}");
            float[] images = ExamplePicker.Pick(data.Train, MeanExamples, seed: 0);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"mean pixel",-12} {images.Average():0.0000} over {images.Length / data.Image.Pixels:#,0} random training images"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{"range",-12} {images.Min():0.0000} to {images.Max():0.0000}, {Grey(images)}"));
            if (data.Train.DatasetName == ImagesDataset.Kind.Member.Name)
                output.WriteLine($"{"order",-12} by name, numbers as numbers (2 before 10)");
            if (data.Train.Labels is { } labels) WriteClasses(data.Train, labels, output);
            if (data.Train.Factors is { } factors)
            {
                IEnumerable<string> sizes = factors.FactorNames.Zip(factors.FactorSizes, (name, size) => $"{name} {size}");
                output.WriteLine($"{"factors",-12} {string.Join(", ", sizes)}");
            }

            output.WriteLine($"{"fingerprint",-12} {data.Fingerprint()}");
            foreach (string note in data.Notes) output.WriteLine($"note: {note}");
            if (parsed.GetValue(sheet) is { } file)
            {
                PngWriter.Write(Render(data.Train, SheetSide * SheetSide, SheetSide), file);
                output.WriteLine($"{"sheet",-12} {file}");
            }

            return ExitCodes.Done;
        });
        return verb;
    }

    // Classes without a single image would only fill the list: those of a byte go up to 255.
    private static void WriteClasses(Split split, ILabels labels, TextWriter output)
    {
        int[] counts = new int[labels.Classes];
        for (int position = 0; position < split.Count; position++) counts[labels.Label(split.ExampleId(position))]++;
        output.WriteLine($"{"labels",-12} {labels.Classes} classes");
        int[] used = [.. Enumerable.Range(0, counts.Length).Where(label => counts[label] > 0)];
        foreach (int label in used.Take(MostClasses))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {labels.ClassNames?[label] ?? $"{label}",-10} {counts[label]:#,0} images"));
        if (used.Length > MostClasses) output.WriteLine($"  and {used.Length - MostClasses} more classes");
    }

    private static Verb CreateRender()
    {
        Argument<string> source = Source();
        Option<string?> path = PathOption();
        Option<int> count = SharedOptions.Count("--count", "N", 64, 10_000, "How many images.");
        Option<int> columns = SharedOptions.Count("--columns", "N", 8, 100, "Images side by side.");
        Option<string?> file = SharedOptions.OutPicture("The PNG to write; by default data.png.");
        var verb = new Verb("render", "Draw random training images as a PNG grid.")
        {
            Examples = ["data render dsprites --count 100 --columns 10 --out sprites.png"],
        };
        verb.Arguments.Add(source);
        foreach (Option option in (Option[])[path, count, columns, file]) verb.Options.Add(option);
        verb.SetAction(parsed =>
        {
            Split split = DataSource.Open(parsed.GetRequiredValue(source), parsed.GetValue(path)).Train;
            string target = parsed.GetValue(file) ?? "data.png";
            PngWriter.Write(Render(split, parsed.GetValue(count), parsed.GetValue(columns)), target);
            parsed.InvocationConfiguration.Output.WriteLine(target);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static string Grey(float[] images) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{100.0 * images.Count(pixel => pixel is > 0f and < 1f) / images.Length:0.0} % neither black nor white");

    private static Raster Render(Split split, int count, int columns)
    {
        float[] images = ExamplePicker.Pick(split, count, seed: 0);
        int pixels = split.Image.Pixels, picked = images.Length / pixels;
        columns = Math.Min(columns, picked);
        var grid = new ImageGrid((picked + columns - 1) / columns, columns, split.Image, new ImageGridOptions());
        for (int i = 0; i < picked; i++) grid.Set(i / columns, i % columns, images.AsSpan(i * pixels, pixels));
        return grid.ToRaster();
    }

    private static Argument<string> Source()
    {
        Argument<string> source = new Argument<string>("DATA") { Description = "A run file, or the name of a dataset." }.WithFiles();
        source.CompletionSources.Add([.. Datasets.Members.Select(member => member.Name)]);
        return source;
    }

    private static Option<string?> PathOption() =>
        new Option<string?>("--path")
        {
            Description = "The dataset's file or folder, where DATA is a name.",
            HelpName = "PATH",
        }.WithFiles();
}
