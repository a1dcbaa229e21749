using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Test images belong to training images.</summary>
internal static class SameSize
{
    /// <summary>Refuses test images of another size.</summary>
    /// <param name="training">The training images.</param>
    /// <param name="test">The test images.</param>
    /// <param name="name">The test images' file, for the message.</param>
    /// <exception cref="BadInputException">They are of another size.</exception>
    internal static void Demand(IDataset training, IDataset test, string name)
    {
        if (test.Image != training.Image)
            throw new BadInputException(name, null, null, $"test images are {test.Image}; {training.Image} as in training is needed");
    }
}
