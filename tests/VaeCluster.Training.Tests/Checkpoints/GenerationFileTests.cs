using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Training.Tests.Checkpoints;

public sealed class GenerationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generations_count_up_and_exceed_the_newest_checkpoint()
    {
        var generations = new GenerationFile(_folder);
        Assert.Equal(1, generations.Take(0));
        Assert.Equal(2, generations.Take(1));
        Assert.Equal(8, generations.Take(7));
        Assert.Equal(9, new GenerationFile(_folder).Take(3));
    }

    [Fact]
    public void Of_many_that_take_one_at_once_no_two_get_the_same()
    {
        var taken = new System.Collections.Concurrent.ConcurrentBag<int>();
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => taken.Add(new GenerationFile(_folder).Take(0)));
        Assert.Equal(Enumerable.Range(1, 64), taken.Order());
    }

    [Fact]
    public void Who_has_been_replaced_is_refused()
    {
        var old = new GenerationFile(_folder);
        int generation = old.Take(0);
        old.Demand(generation);
        new GenerationFile(_folder).Take(0);
        Assert.Contains("generation 1 of this run has been replaced by generation 2",
            Assert.Throws<StaleGenerationException>(() => old.Demand(generation)).Message, StringComparison.Ordinal);
    }
}
