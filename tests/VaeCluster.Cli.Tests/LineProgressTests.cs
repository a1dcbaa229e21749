using VaeCluster.Cli.Progress;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cli.Tests;

public class LineProgressTests
{
    private readonly StringWriter _output = new(), _error = new();
    private readonly ManualTime _time = new();
    private readonly LineProgress _progress;

    public LineProgressTests()
    {
        _progress = new LineProgress(_output, _error, _time);
        var spec = new RunSpec
        {
            Name = "vae",
            Data = new DataSpec { Dataset = new MemberSpec("dsprites") },
            Model = new ModelSpec { Architecture = new MemberSpec("mlp") },
            Training = new TrainingSpec { Epochs = 2 },
        };
        _progress.OnStarted(new RunStart(spec, new RunFolder("run"), 1, 50, 100, 1234, 1, 2, "managed"));
    }

    [Fact]
    public void Steps_give_a_line_every_two_seconds()
    {
        for (int step = 1; step <= 10; step++)
        {
            _time.Advance(0.5);
            _progress.OnStep(Step(step));
        }

        string[] lines = _output.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("vae: 2 epochs of 50 steps, 1,234 parameters, 1 worker, 2 threads", lines[0].TrimEnd());
        Assert.Equal("epoch 1/2  step 4/100  ELBO -12.00  reconstruction 10.00  KL 2.00  1,000/s  0:00:48 left", lines[1].TrimEnd());
        Assert.StartsWith("epoch 1/2  step 8/100", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_epoch_and_evaluation_gives_a_line_and_notices_go_elsewhere()
    {
        _progress.OnEpoch(new EpochRecord(50, 1, 12, 10, 2, 1000));
        _progress.OnEvaluation(new EvaluationRecord(50, 1, "test", 9, 11, 2, [1, 1], 2));
        _progress.OnNotice("one worker idles");
        string[] lines = _output.ToString().TrimEnd().Split('\n');
        Assert.Equal("epoch 1/2 done  ELBO -12.00  reconstruction 10.00  KL 2.00  1,000/s", lines[1].TrimEnd());
        Assert.Equal("test  ELBO -13.00  reconstruction 11.00  KL 2.00  2 active units", lines[2].TrimEnd());
        Assert.Equal("note: one worker idles", _error.ToString().TrimEnd());
    }

    [Theory]
    [InlineData(60_000, 64, "a step takes 64 examples; 32 of 60,000 are left out of an epoch, others each time")]
    [InlineData(257, 64, "a step takes 64 examples; 1 of 257 is left out of an epoch, others each time")]
    [InlineData(128, 64, null)]
    [InlineData(null, 64, null)]
    public void The_examples_that_an_epoch_leaves_out_are_counted_at_the_start(int? examples, int batch, string? line)
    {
        using StringWriter output = new();
        var progress = new LineProgress(output, _error, _time);
        var spec = new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("dsprites") },
            Model = new ModelSpec { Architecture = new MemberSpec("mlp") },
            Training = new TrainingSpec { Batch = batch },
        };
        progress.OnStarted(new RunStart(spec, new RunFolder("run"), 1, 50, 100, 1234, 1, 2, "managed", examples));
        string[] lines = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(line is null ? 1 : 2, lines.Length);
        if (line is not null) Assert.Equal(line, lines[1]);
    }

    private static StepRecord Step(int step) => new()
    {
        Step = step,
        Epoch = 1,
        Loss = 12,
        Reconstruction = 10,
        Kl = 2,
        Beta = 1,
        LearningRate = 0.001,
        GradientNorm = 1,
        SamplesPerSecond = 1000,
        Skipped = false,
    };
}
