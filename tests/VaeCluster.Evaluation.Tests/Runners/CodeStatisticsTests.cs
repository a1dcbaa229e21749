using VaeCluster.Core;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Tests.Fixtures;

namespace VaeCluster.Evaluation.Tests.Runners;

public class CodeStatisticsTests
{
    [Fact]
    public void The_mean_kl_matches_the_formula()
    {
        // Codes (0.5, 1) and (0.25, 0.5), log-variances −1 and −2.
        double[] kl = CodeStatistics.MeanKl(new PixelModel(new ImageShape(1, 1, 2)), [0f, 1f, 0f, 0.5f]);
        Assert.Equal(0.5 * (((0.25 + 0.0625) / 2) + Math.Exp(-1) + 1 - 1), kl[0], 1e-9);
        Assert.Equal(0.5 * (((1 + 0.25) / 2) + Math.Exp(-2) + 2 - 1), kl[1], 1e-9);
    }
}
