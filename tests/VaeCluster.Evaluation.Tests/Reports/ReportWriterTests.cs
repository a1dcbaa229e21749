using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Tests.Fixtures;
using VaeCluster.Models;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly TinyImages _images = new(2, 2, training: 20, test: 9);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_finished_run_gets_one_small_page_in_its_folder()
    {
        using var engine = new ManagedEngine();
        TrainedRun run = Run(Linear(), Result());
        File.WriteAllText(
            run.Folder.MetricsPath, """{"kind":"epoch","step":3,"epoch":1,"loss":2,"elbo":-2,"reconstruction":1.5,"kl":0.5}""" + "\n");
        string path = ReportWriter.Write(run, engine);
        Assert.Equal(run.Folder.ReportPath, path);
        string page = File.ReadAllText(path);
        Assert.InRange(page.Length, 10_000, 3_000_000);
        string[] parts =
        [
            "Test ELBO", "−1.50", "1:15 min", "Reconstructions", "Latent traversals", "Samples", "Manifold", "Interpolation",
            "2 of 2 dimensions are active", "9 images of the test split", "finished",
        ];
        foreach (string part in parts)
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(run.Folder.Path, "report*"));
    }

    [Fact]
    public void An_unfinished_run_shows_its_step()
    {
        using var engine = new ManagedEngine();
        ReportContent content = ReportWriter.Collect(Run(Linear(), result: null), engine);
        Assert.Equal("not finished, step 3", content.Status);
        Assert.Empty(content.KeyNumbers);
    }

    [Fact]
    public void The_hash_covers_the_little_endian_weights()
    {
        using var engine = new ManagedEngine();
        TrainedRun run = Run(Linear(), Result());
        var bytes = new byte[run.Weights.Length * 4];
        for (int i = 0; i < run.Weights.Length; i++) BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), run.Weights.Span[i]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), ReportWriter.Collect(run, engine).WeightsSha256);
    }

    [Fact]
    public void The_report_of_a_plain_autoencoder_has_no_figures_of_the_prior()
    {
        using var engine = new ManagedEngine();
        RunSpec spec = Linear() with { Objective = new ObjectiveSpec { Kind = new MemberSpec("ae") } };
        ReportContent content = ReportWriter.Collect(Run(spec, Result()), engine);
        Assert.Equal(["Reconstructions", "Interpolation"], content.Figures.Select(figure => figure.Title));
        Assert.Empty(content.Dimensions);
    }

    [Fact]
    public void A_report_needs_only_one_example()
    {
        using var one = new TinyImages(2, 2, training: 20, test: 1);
        using var engine = new ManagedEngine();
        RunSpec spec = Linear() with { Data = one.Spec };
        ReportContent content = ReportWriter.Collect(Run(spec, Result()), engine);
        Assert.DoesNotContain(content.Figures, figure => figure.Title == "Interpolation");
    }

    private RunSpec Linear() => new LinearGaussian(_images.Spec).Spec;

    private TrainedRun Run(RunSpec spec, RunResult? result)
    {
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed);
        VaeModel model = VaeModel.Create(spec, data.Image);
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, seed: 1, []);
        return new TrainedRun(spec, new RunFolder(_images.Folder), model, new RunData(data), weights, Step: 3, result);
    }

    private static RunResult Result() => new()
    {
        Status = "finished",
        Steps = 3,
        Epochs = 1,
        WeightsSha256 = "00",
        Train = new TrainResult(2, -2, 1.5, 0.5),
        Test = new TestResult(-1.5, 1, 0.5, 2),
        Seconds = 75,
        SamplesPerSecond = 12345,
        StepMilliseconds = new StepTimes(1, 2),
        Workers = 2,
        Threads = 1,
        Engine = "managed",
    };
}
