using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Tests.Arrays;

namespace VaeCluster.Data.Tests;

public sealed class DatasetsTests
{
    [Fact]
    public void Every_member_has_a_unique_name_and_a_summary()
    {
        Assert.Equal(Datasets.Members.Count, Datasets.Members.Select(member => member.Name).Distinct().Count());
        Assert.All(Datasets.Members, member => Assert.NotEmpty(member.Summary));
    }

    [Fact]
    public void The_error_for_an_unknown_dataset_lists_the_known_ones()
    {
        var fault = Assert.Throws<BadInputException>(() => Datasets.Open(new MemberSpec("cifar")));
        Assert.Contains("dsprites, mnist, idx", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_data_is_shared_until_its_file_is_replaced()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("images.npy", NpyBytes.Counting(4, 3, 2));
        MemberSpec spec = Member.Complete(Datasets.Members, new MemberSpec("npy", new Dictionary<string, object> { ["path"] = path }));
        var cache = new DatasetCache();
        DatasetPair first = cache.Open(spec);
        string before = cache.Fingerprint(first.Training);
        Assert.Same(first, cache.Open(spec));

        File.WriteAllBytes(path, NpyBytes.Bytes([4, 3, 2], new byte[24]));
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        DatasetPair second = cache.Open(spec);
        Assert.NotSame(first, second);
        Assert.NotEqual(before, cache.Fingerprint(second.Training));
    }
}
