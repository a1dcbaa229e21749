using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests;

public sealed class DatasetsTests
{
    [Fact]
    public void Every_member_has_a_name_of_its_own_and_says_what_it_is()
    {
        Assert.Equal(Datasets.Members.Count, Datasets.Members.Select(member => member.Name).Distinct().Count());
        Assert.All(Datasets.Members, member => Assert.NotEmpty(member.Summary));
    }

    [Fact]
    public void An_unknown_dataset_is_refused_with_the_known_ones()
    {
        var fault = Assert.Throws<BadInputException>(() => Datasets.Open(new MemberSpec("cifar")));
        Assert.Contains("dsprites, mnist, idx", fault.Message, StringComparison.Ordinal);
    }
}
