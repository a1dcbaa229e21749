using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Tests.Running;

/// <summary>Journal files while a superseded process may still write to them.</summary>
public sealed class LineFileTests
{
    [Fact]
    public void Lines_replaced_by_a_slow_predecessor_are_restored()
    {
        using var folder = new TemporaryFolder();
        string path = folder["lines.jsonl"];
        using var file = new LineFile(path, () => { });
        file.Add(1);
        DurableFile.PutInPlace(path, copy => File.WriteAllText(copy, string.Empty), () => { });
        file.Add(2);
        file.Add(3);
        Assert.Equal(["1", "2", "3"], File.ReadAllLines(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_process_superseded_before_opening_does_not_change_the_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder["lines.jsonl"];
        using var file = new LineFile(path, () => { });
        file.Add(1);
        Assert.Throws<StaleGenerationException>(() => new LineFile(path, () => throw new StaleGenerationException(1, 2)));
        file.Add(2);
        Assert.Equal(["1", "2"], File.ReadAllLines(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }
}
