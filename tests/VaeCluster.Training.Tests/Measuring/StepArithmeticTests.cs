using VaeCluster.Models;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Training.Tests.Measuring;

public class StepArithmeticTests
{
    [Fact]
    public void Of_the_mlp_every_product_counts_but_the_gradient_of_the_images()
    {
        const int Examples = 128;
        double all = 2.0 * Examples * 3 * ((784 * 400) + (400 * 40) + (20 * 400) + (400 * 784));
        double ofImages = 2.0 * Examples * 784 * 400;
        Assert.Equal(all - ofImages, StepArithmetic.Flops(Create(Workload.Mlp).Training, Examples));
    }

    [Fact]
    public void A_convolution_costs_its_kernel_at_every_position()
    {
        // Positions of the four layers, one channel in at the image and 32 elsewhere, mirrored; and six fully connected layers.
        double first = 32 * 32 * 32 * 16.0, rest = (16 * 16 + 8 * 8 + 4 * 4) * 32 * 32 * 16.0;
        double dense = (512 * 256) + (256 * 256) + (256 * 20) + (10 * 256) + (256 * 256) + (256 * 512);
        double all = 3 * ((2 * first) + (2 * rest) + dense);
        Assert.Equal(2 * (all - first), StepArithmetic.Flops(Create(Workload.Burgess).Training, 1));
    }

    [Fact]
    public void The_dense_layers_are_those_of_the_model_in_order()
    {
        Assert.Equal(
            [new(400, 784, 64, false), new(40, 400, 64, true), new(400, 20, 64, true), new(784, 400, 64, true)],
            StepArithmetic.DenseLayers(Create(Workload.Mlp).Training, 64));
    }

    private static VaeModel Create(Workload work) => VaeModel.Create(work.Spec(work.Batch, 4), work.Image);
}
