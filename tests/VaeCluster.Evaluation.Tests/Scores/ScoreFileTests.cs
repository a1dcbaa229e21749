using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Evaluation.Tests.Scores;

public sealed class ScoreFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "scores.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_written_file_is_read_back_including_NaN()
    {
        ScoreFile file = File("mig", double.NaN) with { Examples = 7 };
        file.AddTo(Path);
        ScoreFile read = ScoreFile.Read(Path)!;
        Assert.Equal(file with { Scores = read.Scores }, read);
        Assert.Equal(double.NaN, read.Scores["mig"].Value);
        Assert.Equal(0.25, read.Scores["mig"].Parts["shape"]);
    }

    [Fact]
    public void Scores_of_the_same_weights_and_settings_are_merged()
    {
        File("mig", 0.1).AddTo(Path);
        ScoreFile both = File("sap", 0.2).AddTo(Path);
        Assert.Equal(["mig", "sap"], both.Scores.Keys);
        Assert.Equal(0.3, File("mig", 0.3).AddTo(Path).Scores["mig"].Value);
        Assert.Equal(["mig", "sap"], ScoreFile.Read(Path)!.Scores.Keys);
    }

    [Fact]
    public void Scores_of_other_weights_or_settings_are_replaced()
    {
        ScoreFile file = File("sap", 0.2);
        ScoreFile[] others =
            [file with { Step = 2 }, file with { WeightsSha256 = "11" }, file with { Seed = 1 }, file with { Pool = 9 }];
        foreach (ScoreFile other in others)
        {
            File("mig", 0.1).AddTo(Path);
            Assert.Equal(["sap"], other.AddTo(Path).Scores.Keys);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"step":1}""")]
    [InlineData("""{"step":1,"weightsSha256":"00","seed":0,"pool":1,"split":"test","scores":{"mig":null}}""")]
    [InlineData("""{"step":1,"weightsSha256":"00","seed":0,"pool":1,"split":"test","scores":null}""")]
    public void A_damaged_file_is_ignored_and_replaced(string text)
    {
        System.IO.File.WriteAllText(Path, text);
        Assert.Null(ScoreFile.Read(Path));
        File("mig", 0.1).AddTo(Path);
        Assert.Equal(0.1, ScoreFile.Read(Path)!.Scores["mig"].Value);
    }

    private static ScoreFile File(string name, double value) => new()
    {
        Step = 1,
        WeightsSha256 = "00",
        Seed = 0,
        Pool = 10,
        Split = "test",
        Scores = new Dictionary<string, ScoreValue> { [name] = new(value) { Parts = new Dictionary<string, double> { ["shape"] = 0.25 } } },
    };
}
