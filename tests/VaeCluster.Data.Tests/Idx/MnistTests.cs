using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests.Idx;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_and_compressed_files_with_either_naming_are_found()
    {
        IdxBytes.WriteMnist(_folder, training: 30, test: 10, side: 4);
        DatasetPair mnist = Open();

        Assert.Equal(30, mnist.Training.Count);
        Assert.Equal(10, mnist.Test!.Count);
        Assert.Equal(new ImageShape(1, 4, 4), mnist.Training.Image);
    }

    [Fact]
    public void Labels_belong_to_their_images()
    {
        IdxBytes.WriteMnist(_folder, training: 30);
        ILabels labels = Assert.IsAssignableFrom<ILabels>(Open().Training);

        Assert.Equal(10, labels.Classes);
        Assert.Equal([0, 1, 9, 0], ((int[])[0, 1, 19, 20]).Select(labels.Label));
    }

    [Fact]
    public void The_error_for_a_missing_folder_lists_the_files_it_should_contain()
    {
        string missing = Path.Combine(_folder.Path, "none");
        var fault = Assert.Throws<BadInputException>(() => Open(missing));
        Assert.StartsWith(missing, fault.Message, StringComparison.Ordinal);
        Assert.Contains("train-images-idx3-ubyte[.gz]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("t10k-labels-idx1-ubyte[.gz]", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-labels-idx1-ubyte")]
    [InlineData("t10k-images-idx3-ubyte.gz")]
    [InlineData("t10k-labels.idx1-ubyte")]
    public void The_error_for_a_missing_file_lists_the_accepted_names(string missing)
    {
        IdxBytes.WriteMnist(_folder);
        File.Delete(Path.Combine(_folder.Path, missing));

        var fault = Assert.Throws<BadInputException>(() => Open());
        Assert.StartsWith(_folder.Path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(missing, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_labels_that_differs_from_the_images_is_refused()
    {
        IdxBytes.WriteMnist(_folder, training: 30);
        string labels = _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(29));

        var fault = Assert.Throws<BadInputException>(() => Open());
        Assert.StartsWith(labels, fault.Message, StringComparison.Ordinal);
        Assert.Contains("29 labels for 30 images", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_images_of_another_size_are_refused()
    {
        IdxBytes.WriteMnist(_folder, side: 4);
        _folder.Write("t10k-images-idx3-ubyte.gz", IdxBytes.Gzip(IdxBytes.Images(10, 5, 5)));
        Assert.Contains("5×5", Assert.Throws<BadInputException>(() => Open()).Message, StringComparison.Ordinal);
    }

    private DatasetPair Open(string? path = null) =>
        Datasets.Open(new MemberSpec("mnist", new Dictionary<string, object> { ["path"] = path ?? _folder.Path }));
}
