using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Checks that test images have the size of the training images.</summary>
internal static class SameSize
{
    /// <exception cref="BadInputException">The sizes differ; the message names the file <paramref name="name"/>.</exception>
    internal static void Check(IDataset training, IDataset test, string name)
    {
        if (test.Image != training.Image)
            throw new BadInputException(name, null, null, $"test images are {test.Image}; expected {training.Image} as in training");
    }
}
