using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Formats;

namespace VaeCluster.Cli.Tests;

public sealed class RunVerbTests(TrainedFolder trained) : IClassFixture<TrainedFolder>
{
    [Theory]
    [InlineData("sample", "samples.png", "--rows 2 --columns 3", (3 * 65) + 1, (2 * 65) + 1)]
    [InlineData("reconstruct", "reconstructions.png", "--count 5 --columns 3", (3 * 65) + 1, (4 * 65) + 1)]
    [InlineData("traverse", "traversals.png", "--steps 4 --example 0", (4 * 65) + 1, (2 * 65) + 1)]
    [InlineData("interpolate", "interpolations.png", "--pairs 2 --steps 3", (5 * 65) + 1, (2 * 65) + 1)]
    [InlineData("manifold", "manifold.png", "--side 3", 3 * 64, 3 * 64)]
    public async Task A_figure_goes_to_the_runs_folder_or_where_it_is_told(string verb, string file, string options, int width, int height)
    {
        Terminal standard = await Terminal.RunAsync([verb, trained.Run, .. options.Split(' ')]);
        Assert.True(standard.Code == 0, standard.Error);
        string path = Path.Combine(trained.Run, "figures", file);
        Assert.EndsWith(path, standard.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal((width, height), Png.SizeOf(path));

        string elsewhere = trained[$"{verb}.png"];
        Terminal told = await Terminal.RunAsync([verb, trained.Run, .. options.Split(' '), "--out", elsewhere]);
        Assert.Equal(0, told.Code);
        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(elsewhere));
    }

    [Theory]
    [InlineData("traverse", "--example", "100000")]
    [InlineData("reconstruct", "--split", "test")]
    [InlineData("evaluate", "--split", "tset")]
    [InlineData("interpolate", "--steps", "1")]
    public async Task What_the_run_does_not_have_is_one_line(string verb, string option, string value)
    {
        Terminal result = await Terminal.RunAsync(verb, trained.Run, option, value);
        Assert.Equal(2, result.Code);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_evaluation_repeats_the_results_numbers()
    {
        Terminal json = await Terminal.RunAsync("evaluate", trained.Run, "--iwae", "5", "--json");
        Assert.True(json.Code == 0, json.Error);
        using JsonDocument answer = JsonDocument.Parse(json.Output),
            result = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(trained.Run, "result.json")));
        JsonElement test = result.RootElement.GetProperty("test");
        Assert.Equal(test.GetProperty("elbo").GetDouble(), answer.RootElement.GetProperty("elbo").GetDouble());
        Assert.Equal(test.GetProperty("kl").GetDouble(), answer.RootElement.GetProperty("kl").GetDouble());
        Assert.Equal("validation", answer.RootElement.GetProperty("split").GetString());
        Assert.Equal(5, answer.RootElement.GetProperty("importanceWeighted").GetProperty("samples").GetInt32());

        Terminal text = await Terminal.RunAsync("evaluate", trained.Run);
        Assert.Contains("reconstruction", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("IWAE", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_are_printed_kept_and_shown_in_the_report()
    {
        string[] few = ["--pool", "50", "--examples", "5"];
        Terminal json = await Terminal.RunAsync(["evaluate", trained.Run, "--metrics", "mig, kl,mig", "--json", .. few]);
        Assert.True(json.Code == 0, json.Error);
        using JsonDocument answer = JsonDocument.Parse(json.Output);
        JsonElement scores = answer.RootElement.GetProperty("scores");
        Assert.Equal(["mig", "kl"], scores.EnumerateObject().Select(score => score.Name));
        Assert.Equal(["shape", "scale", "orientation", "x", "y"],
            scores.GetProperty("mig").GetProperty("parts").EnumerateObject().Select(part => part.Name));

        Terminal text = await Terminal.RunAsync(["evaluate", trained.Run, "--metrics", "modularity,irs", .. few]);
        Assert.Contains("modularity", text.Output, StringComparison.Ordinal);
        string path = Path.Combine(trained.Run, "scores.json");
        using JsonDocument kept = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(["mig", "kl", "modularity", "irs"],
            kept.RootElement.GetProperty("scores").EnumerateObject().Select(score => score.Name));
        Assert.Equal(12, kept.RootElement.GetProperty("step").GetInt32());

        // Another seed's scores replace them: they do not stand side by side.
        await Terminal.RunAsync(["evaluate", trained.Run, "--metrics", "irs", "--seed", "7", .. few]);
        using JsonDocument replaced = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(["irs"], replaced.RootElement.GetProperty("scores").EnumerateObject().Select(score => score.Name));

        Assert.Equal(0, (await Terminal.RunAsync("report", trained.Run)).Code);
        Assert.Contains("<h2>Scores</h2>", await File.ReadAllTextAsync(Path.Combine(trained.Run, "report.html")), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Equal(0, (await Terminal.RunAsync("report", trained.Run)).Code);
    }

    [Theory]
    [InlineData("--metrics is 'migg': one of elbo, ", "--metrics", "mig,migg")]
    [InlineData("did you mean 'factorvae'?", "--metrics", "factor-vae")]
    [InlineData("--metrics is ',': one of elbo, ", "--metrics", ",")]
    [InlineData("at least two runs", "--metrics", "udr")]
    [InlineData("only with --metrics", "--seed", "3")]
    [InlineData("--split is 'tset'", "--metrics", "mig", "--split", "tset")]
    public async Task Scores_that_cannot_be_had_are_one_line(string expected, params string[] options)
    {
        Terminal result = await Terminal.RunAsync(["evaluate", trained.Run, .. options]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(Path.Combine(trained.Run, "scores.json")));
    }

    [Fact]
    public async Task Several_runs_are_compared_over_seeds()
    {
        string other = trained["other-seed"];
        Assert.Equal(0, (await Terminal.RunAsync("train", trained.RunFile, "--out", other, "--set", "training.seed=2")).Code);
        Terminal json = await Terminal.RunAsync("evaluate", trained.Run, other, "--metrics", "udr,active-units", "--json");
        Assert.True(json.Code == 0, json.Error);
        using JsonDocument answer = JsonDocument.Parse(json.Output);
        Assert.Equal([trained.Run, other], answer.RootElement.EnumerateArray().Select(run => run.GetProperty("folder").GetString()));
        Assert.All(answer.RootElement.EnumerateArray(),
            run => Assert.InRange(run.GetProperty("scores").GetProperty("udr").GetProperty("value").GetDouble(), 0, 1));
        File.Delete(Path.Combine(trained.Run, "scores.json"));

        Terminal plain = await Terminal.RunAsync("evaluate", trained.Run, other);
        Assert.Equal(2, plain.Code);
        Assert.Contains("2 runs need --metrics", plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_score()
    {
        Terminal help = await Terminal.RunAsync("evaluate", "--help");
        Assert.All(VaeCluster.Evaluation.Scores.ScoreFamily.All,
            kind => Assert.Contains($"  {kind.Name} ", help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Encodings_are_arrays_with_a_row_an_example()
    {
        string folder = trained["codes"];
        Terminal result = await Terminal.RunAsync("encode", trained.Run, "--split", "train", "--examples", "9", "--out", folder);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal([9, 2], Npy.Read(Path.Combine(folder, "means.npy")).Shape);
        Assert.Equal([9, 5], Npy.Read(Path.Combine(folder, "factors.npy")).Shape);
    }

    [Fact]
    public async Task An_export_holds_every_parameter_and_replaces_nothing_unasked()
    {
        string file = trained["model.safetensors"];
        Assert.Equal(0, (await Terminal.RunAsync("export", trained.Run, file)).Code);
        SafetensorsFile tensors = Safetensors.Read(file);
        Assert.Equal([8, 4096], tensors.Find("encoder.0.weight")!.Shape);
        Assert.Equal("12", tensors.Metadata["step"]);
        Assert.Equal(2, (await Terminal.RunAsync("export", trained.Run, file)).Code);
        Assert.Equal(0, (await Terminal.RunAsync("export", trained.Run, file, "--force")).Code);
    }

    [Theory]
    [InlineData("safetensors", "model.safetensors")]
    [InlineData("npz", "model.npz")]
    [InlineData("onnx", "encoder.onnx", "decoder.onnx")]
    public async Task An_export_goes_into_the_run_where_no_place_is_named(string format, params string[] files)
    {
        Terminal result = await Terminal.RunAsync("export", trained.Run, "--format", format);
        Assert.True(result.Code == 0, result.Error);
        string[] paths = [.. files.Select(file => Path.Combine(trained.Run, "export", file))];
        Assert.Equal(paths, result.Output.TrimEnd().Split(Environment.NewLine));
        Assert.All(paths, path => Assert.True(new FileInfo(path).Length > 1000));
        Assert.Equal(2, (await Terminal.RunAsync("export", trained.Run, "--format", format)).Code);
    }

    [Theory]
    [InlineData("FILE", "model.onnx")]
    [InlineData("--format", "model", "--format", "pickle")]
    [InlineData("a folder; this is a file", "run.yaml", "--format", "onnx")]
    public async Task An_export_that_cannot_be_is_one_line(string named, string file, params string[] options)
    {
        Terminal result = await Terminal.RunAsync(["export", trained.Run, trained[file], .. options]);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_report_can_be_written_again_to_the_same_bytes()
    {
        string path = Path.Combine(trained.Run, "report.html");
        string first = await File.ReadAllTextAsync(path);
        File.Delete(path);
        Terminal result = await Terminal.RunAsync("report", trained.Run);
        Assert.Equal(path, result.Output.Trim());
        // While it trained the result was not on disk yet, but the same: nothing of the page depends on when it is written.
        Assert.Equal(first, await File.ReadAllTextAsync(path));
    }
}
