using System.Globalization;
using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Formats;

namespace VaeCluster.Cli.Tests;

/// <summary>A run folder on a machine that does not have the data.</summary>
public sealed class LeavingHomeTests(ArrayRun run) : IClassFixture<ArrayRun>
{
    [Theory]
    [InlineData("sample --rows 2 --columns 3")]
    [InlineData("traverse --steps 4")]
    [InlineData("interpolate")]
    [InlineData("interpolate --pairs 15 --steps 3")]
    [InlineData("manifold --side 3")]
    [InlineData("reconstruct")]
    [InlineData("reconstruct --split validation --count 30")]
    public async Task A_figure_is_the_same_without_the_data(string line)
    {
        string away = run.Move($"figure-{line.GetHashCode(StringComparison.Ordinal)}"), verb = line.Split(' ')[0];
        string[] options = line.Split(' ')[1..];
        Terminal there = await Terminal.RunAsync([verb, away, .. options, "--out", run[$"{verb}-away.png"]]);
        Assert.True(there.Code == 0, there.Error);
        Assert.Empty(there.Error);
        Assert.Equal(0, (await Terminal.RunAsync([verb, run.Run, .. options, "--out", run[$"{verb}-home.png"]])).Code);
        Assert.Equal(await File.ReadAllBytesAsync(run[$"{verb}-home.png"]), await File.ReadAllBytesAsync(run[$"{verb}-away.png"]));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model.npz")]
    public async Task An_export_needs_no_data(string file)
    {
        string away = run.Move($"export-{file}");
        Terminal result = await Terminal.RunAsync("export", away, run[$"away-{file}"]);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(0, (await Terminal.RunAsync("export", away, "--format", "onnx")).Code);
    }

    [Fact]
    public async Task A_report_shows_all_and_says_that_the_data_is_not_here()
    {
        string away = run.Move("report"), path = Path.Combine(away, "report.html");
        string home = await File.ReadAllTextAsync(path);
        File.Delete(path);
        Terminal result = await Terminal.RunAsync("report", away);
        Assert.True(result.Code == 0, result.Error);
        string page = await File.ReadAllTextAsync(path);
        const string Note = "The data of this run is not on this machine (/gone/c.npy). "
            + "The pictures show the 30 examples of the validation split that the run folder keeps.";
        Assert.Contains(Note, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Note, home, StringComparison.Ordinal);

        // But for the note and the path in the run file nothing differs: not the pictures, not the numbers.
        Assert.Equal(home, page.Replace($"<p class=\"note\">{Note}</p>\n", string.Empty, StringComparison.Ordinal)
            .Replace("/gone/c.npy", run["clone/c.npy"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_was_stopped_is_shown_too()
    {
        string away = run.Move("stopped");
        File.Delete(Path.Combine(away, "result.json"));
        File.Delete(Path.Combine(away, "dimensions.json"));
        Terminal result = await Terminal.RunAsync("report", away);
        Assert.True(result.Code == 0, result.Error);
        string page = await File.ReadAllTextAsync(Path.Combine(away, "report.html"));
        Assert.Contains("30 images of the validation split", page, StringComparison.Ordinal);
        Assert.Contains("The KL of the latent dimensions is measured on them too", page, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(away, "dimensions.json")));
        Assert.Equal(0, (await Terminal.RunAsync("traverse", away)).Code);
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("encode")]
    [InlineData("evaluate --metrics elbo")]
    [InlineData("reconstruct --split train")]
    [InlineData("traverse --split train")]
    [InlineData("traverse --example 30")]
    [InlineData("interpolate --split train")]
    public async Task What_needs_the_data_says_so_in_one_line(string line)
    {
        string away = run.Move($"needs-{line.GetHashCode(StringComparison.Ordinal)}");
        Terminal result = await Terminal.RunAsync([line.Split(' ')[0], away, .. line.Split(' ')[1..]]);
        Assert.Equal(2, result.Code);
        Assert.StartsWith("error: /gone/c.npy: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "without its data a run shows only the 30 validation examples in its folder", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Examples_that_are_kept_are_found_by_their_number()
    {
        string away = run.Move("numbered");
        foreach (string place in (string[])["0", "29"])
        {
            Assert.Equal(0, (await Terminal.RunAsync("traverse", away, "--example", place, "--out", run["there.png"])).Code);
            Assert.Equal(0, (await Terminal.RunAsync("traverse", run.Run, "--example", place, "--out", run["here.png"])).Code);
            Assert.Equal(await File.ReadAllBytesAsync(run["here.png"]), await File.ReadAllBytesAsync(run["there.png"]));
        }
    }

    [Fact]
    public async Task A_folder_of_an_earlier_release_opens_the_data_or_says_that_it_is_missing()
    {
        string away = run.Move("earlier");
        File.Delete(Path.Combine(away, "examples.safetensors"));
        Terminal result = await Terminal.RunAsync("sample", away);
        Assert.Equal(2, result.Code);
        Assert.StartsWith("error: /gone/c.npy: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));

        Name(away, run["clone/c.npy"]);
        Assert.Equal(0, (await Terminal.RunAsync("sample", away)).Code);
        Assert.Equal(0, (await Terminal.RunAsync("report", away)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("damaged")]
    public async Task A_damaged_file_of_examples_is_named_and_the_data_read_instead(string content)
    {
        string away = run.Move($"damaged-{content}");
        await File.WriteAllTextAsync(Path.Combine(away, "examples.safetensors"), content);
        Name(away, run["clone/c.npy"]);
        Terminal result = await Terminal.RunAsync("sample", away);
        Assert.Equal(0, result.Code);
        Assert.Contains("examples.safetensors is damaged", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_another_size_behind_the_path_are_not_taken_for_the_run_s()
    {
        string away = run.Move("resized"), other = run["other-size.npy"];
        ArrayRun.WriteNpy(other, 120, 9, 9);
        Name(away, other);
        Assert.Equal(0, (await Terminal.RunAsync("sample", away)).Code);
        Terminal refused = await Terminal.RunAsync("evaluate", away);
        Assert.Equal(2, refused.Code);
        Assert.Contains("the data has images of 9×9 now; the run was trained on 12×10", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_images_are_encoded_evaluated_and_drawn_without_the_run_s_data()
    {
        string away = run.Move("other"), images = run["others.npy"];
        ArrayRun.WriteNpy(images, 7, ArrayRun.Height, ArrayRun.Width);
        Terminal encoded = await Terminal.RunAsync("encode", away, "--data", images);
        Assert.True(encoded.Code == 0, encoded.Error);
        string codes = Path.Combine(away, "encodings", "data-others");
        Assert.Equal($"{codes}: 7 examples of {images}, 2 latents", encoded.Output.TrimEnd());
        Assert.Equal([7, 2], Npy.Read(Path.Combine(codes, "means.npy")).Shape);

        Terminal evaluated = await Terminal.RunAsync("evaluate", away, "--data", images, "--json");
        Assert.True(evaluated.Code == 0, evaluated.Error);
        using JsonDocument json = JsonDocument.Parse(evaluated.Output);
        Assert.Equal((7, images), (json.RootElement.GetProperty("examples").GetInt32(), json.RootElement.GetProperty("data").GetString()));
        Terminal text = await Terminal.RunAsync("evaluate", away, "--data", images);
        Assert.Contains($"7 examples of {images}", text.Output, StringComparison.Ordinal);

        Terminal scored = await Terminal.RunAsync("evaluate", away, "--data", images, "--metrics", "elbo,kl");
        Assert.True(scored.Code == 0, scored.Error);
        Assert.False(File.Exists(Path.Combine(away, "scores.json")));
        Assert.Equal(0, (await Terminal.RunAsync("reconstruct", away, "--data", images)).Code);
        Assert.Equal(0, (await Terminal.RunAsync("interpolate", away, "--data", images)).Code);
    }

    [Fact]
    public async Task The_run_s_own_data_as_other_images_has_the_same_codes()
    {
        string own = run["own"], other = run["as-other"];
        Assert.Equal(0, (await Terminal.RunAsync("encode", run.Run, "--split", "train", "--out", own, "--format", "both")).Code);
        Assert.Equal(0, (await Terminal.RunAsync("encode", run.Run, "--data", run["clone/c.npy"], "--out", other)).Code);
        float[] all = Npy.Read(Path.Combine(other, "means.npy")).ToSingles();
        Assert.Equal(2 * ArrayRun.Count, all.Length);
        string[] table = await File.ReadAllLinesAsync(Path.Combine(own, "codes.csv"));
        Assert.Equal("index,mean0,mean1,log_variance0,log_variance1", table[0]);
        Assert.Equal(91, table.Length);
        float[] means = Npy.Read(Path.Combine(own, "means.npy")).ToSingles();
        Assert.All(means, value => Assert.Contains(value, all));
        for (int i = 0; i < 90; i++)
        {
            IEnumerable<float> row = table[i + 1].Split(',')[1..3].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture));
            Assert.Equal(means[(2 * i)..((2 * i) + 2)], row);
        }
    }

    [Fact]
    public async Task A_folder_of_pictures_gives_files_and_classes_and_a_table()
    {
        foreach (string name in (string[])["cats/a, b.pgm", "dogs/\"c\".pgm", "dogs/d.pgm"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(run[$"pets/{name}"])!);
            await File.WriteAllBytesAsync(run[$"pets/{name}"], [.. "P5 3 2 255\n"u8, 1, 2, 3, 4, 5, 6]);
        }

        string codes = run["pet-codes"];
        Terminal result = await Terminal.RunAsync("encode", run.Run, "--data", run["pets"], "--format", "csv", "--out", codes);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(["cats/a, b.pgm", "dogs/\"c\".pgm", "dogs/d.pgm"], await File.ReadAllLinesAsync(Path.Combine(codes, "files.txt")));
        string classes = await File.ReadAllTextAsync(Path.Combine(codes, "classes.json"));
        Assert.Equal(["cats", "dogs"], JsonSerializer.Deserialize<string[]>(classes)!);
        string[] table = await File.ReadAllLinesAsync(Path.Combine(codes, "codes.csv"));
        Assert.Equal("index,file,label,class,mean0,mean1,log_variance0,log_variance1", table[0]);
        Assert.StartsWith("0,\"cats/a, b.pgm\",0,cats,", table[1], StringComparison.Ordinal);
        Assert.StartsWith("1,\"dogs/\"\"c\"\".pgm\",1,dogs,", table[2], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(codes, "means.npy")));
        Assert.Equal(0, (await Terminal.RunAsync("reconstruct", run.Run, "--data", run["pets/dogs/d.pgm"], "--out", run["d.png"])).Code);
    }

    [Theory]
    [InlineData("encode", "none.npy", "no such file or folder")]
    [InlineData("evaluate", "wide.npy", "has images of 3×3; the model of this run takes 12×10")]
    [InlineData("reconstruct", "notes.txt", "not a kind of data that is known by its name")]
    [InlineData("interpolate", "one.npy", "at least two examples to interpolate between")]
    public async Task Images_that_cannot_be_used_are_one_line(string verb, string name, string words)
    {
        ArrayRun.WriteNpy(run["wide.npy"], 4, 3, 3);
        ArrayRun.WriteNpy(run["one.npy"], 1, ArrayRun.Height, ArrayRun.Width);
        await File.WriteAllTextAsync(run["notes.txt"], "hello");
        Terminal result = await Terminal.RunAsync(verb, run.Run, "--data", run[name]);
        Assert.Equal(2, result.Code);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("codes.npy")]
    [InlineData("codes.csv")]
    public async Task Codes_go_into_a_folder(string name)
    {
        Terminal result = await Terminal.RunAsync("encode", run.Run, "--out", run[name]);
        Assert.Equal(2, result.Code);
        Assert.StartsWith($"error: --out is '{run[name]}': a folder", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(run[name]));
    }

    [Fact]
    public async Task A_format_is_named_by_its_word()
    {
        foreach (string format in (string[])["1", "7", "CSV", "xlsx", ""])
        {
            Terminal result = await Terminal.RunAsync("encode", run.Run, "--format", format);
            Assert.Equal(2, result.Code);
            Assert.StartsWith($"error: --format is '{format}': one of npy, csv, both", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Training_says_how_many_examples_an_epoch_leaves_out() => Assert.Contains(
        "a step takes 8 examples; 2 of 90 are left out of an epoch, others each time", run.Training.Output, StringComparison.Ordinal);

    // Lets the run file name other data.
    private static void Name(string folder, string data)
    {
        string spec = Path.Combine(folder, "run.yaml");
        File.WriteAllText(spec, File.ReadAllText(spec).Replace("/gone/c.npy", data, StringComparison.Ordinal));
    }
}
