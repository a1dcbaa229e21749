using VaeCluster.Core;
using VaeCluster.Core.Specs;

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
}
