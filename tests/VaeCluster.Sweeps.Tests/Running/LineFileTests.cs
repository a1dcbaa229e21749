using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Tests.Running;

/// <summary>The journal's files while another process may believe that it is in charge.</summary>
public sealed class LineFileTests
{
    [Fact]
    public void Lines_that_a_slow_predecessor_put_its_file_over_come_back()
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
    public void One_that_was_replaced_before_it_began_leaves_the_file_alone()
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
