using VaeCluster.Evaluation.Reports.Metrics;

namespace VaeCluster.Evaluation.Tests.Reports;

public class MetricsReaderTests
{
    [Fact]
    public void Lines_are_grouped_by_kind_and_split()
    {
        MetricsHistory history = Read(
            """
            {"kind":"step","step":1,"epoch":1,"loss":3.5,"elbo":-3.25,"reconstruction":3,"kl":0.25,"beta":1}
            {"kind":"epoch","step":1,"epoch":1,"loss":3.5,"elbo":-3.25,"reconstruction":3,"kl":0.25}
            {"kind":"evaluation","step":1,"epoch":1,"split":"validation","elbo":-4,"reconstruction":3,"kl":1,"klPerDimension":[0.5,0.5]}
            {"kind":"evaluation","step":1,"epoch":1,"split":"test","elbo":-5,"reconstruction":4,"kl":1}
            """);
        Assert.Equal([new MetricsPoint(1, 1, 3.5, -3.25, 3, 0.25)], history.Steps);
        Assert.Single(history.Epochs);
        Assert.Equal(-4, Assert.Single(history.Validation).Elbo);
        Assert.Equal(-5, Assert.Single(history.Test).Elbo);
    }

    [Theory]
    [InlineData("""{"kind":"step","step":2,"epo""")]
    [InlineData("""{"kind":"later","step":2}""")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("\0\0\0")]
    public void A_truncated_or_unknown_line_is_skipped(string line)
    {
        MetricsHistory history = Read("""{"kind":"step","step":1,"epoch":1,"loss":1}""" + "\n" + line);
        Assert.Equal(1, Assert.Single(history.Steps).Step);
    }

    [Fact]
    public void Null_is_read_as_NaN() =>
        Assert.True(double.IsNaN(Assert.Single(Read("""{"kind":"step","step":1,"loss":null}""").Steps).Loss));

    [Fact]
    public void A_missing_file_is_an_empty_history() =>
        Assert.Empty(MetricsReader.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).Steps);

    private static MetricsHistory Read(string text) => MetricsReader.Read(new StringReader(text));
}
