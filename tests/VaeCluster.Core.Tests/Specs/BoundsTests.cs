using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Tests.Specs;

public sealed class BoundsTests
{
    private const string Short = "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n";

    [Fact]
    public void An_override_of_many_parts_is_refused_in_one_short_line()
    {
        string text = string.Join('.', Enumerable.Repeat("a", 80_000)) + "=1";
        BadInputException fault = Assert.Throws<BadInputException>(() => TestVocabulary.Parse(Short, text));
        Assert.Contains("a field has at most 16 parts between its dots", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length < 1000);
    }

    [Fact]
    public void Sixteen_parts_are_still_a_field_and_seventeen_are_not()
    {
        Assert.Contains("unknown", Refused(string.Join('.', Enumerable.Repeat("a", 16)) + "=1"), StringComparison.Ordinal);
        Assert.Contains("at most 16 parts", Refused(string.Join('.', Enumerable.Repeat("a", 17)) + "=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_of_many_keys_is_refused_wherever_it_comes_from()
    {
        var origin = new SpecOrigin("sweep.yaml", 3, "/");
        string[] path = [.. Enumerable.Repeat("a", 80_000)];
        Assert.Throws<BadInputException>(() => SpecOverrides.Set(new SpecMap(origin, []), path, new SpecScalar(origin, "1", IsPlain: true)));
    }

    [Fact]
    public void Thousands_of_overrides_are_refused() => Assert.Contains(
        "at most 1000 overrides",
        Assert.Throws<BadInputException>(() =>
            TestVocabulary.Parse(Short, [.. Enumerable.Range(0, 1001).Select(i => $"training.seed={i}")])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(100_000)]
    [InlineData(10_001)]
    public void A_list_is_bounded(int count)
    {
        string list = $"[{string.Join(',', Enumerable.Repeat("1", count))}]";
        Assert.Contains($"model.hidden is 'a list of {count}': at most ", Refused($"model.hidden={list}"), StringComparison.Ordinal);
    }

    private static string Refused(string change) =>
        Assert.Throws<BadInputException>(() => TestVocabulary.Parse(Short, change)).Message;
}
