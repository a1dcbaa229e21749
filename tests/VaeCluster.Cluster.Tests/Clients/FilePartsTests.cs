using VaeCluster.Client;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Cluster.Tests.Clients;

public sealed class FilePartsTests
{
    [Fact]
    public async Task A_file_is_assembled_from_parts()
    {
        var parts = new Queue<FilePart?>([new([1, 2], "a"), new([3], "a"), new([], "a")]);
        Assert.Equal((byte[])[1, 2, 3], await ReadAsync(parts));
        Assert.Empty(parts);
    }

    [Fact]
    public async Task Parts_of_a_file_and_of_its_replacement_are_never_mixed()
    {
        // The second answer is the end of a replaced file, and the third is its beginning.
        var parts = new Queue<FilePart?>([new([1, 2], "a"), new([9], "b"), new([7, 8], "b"), new([9], "b"), new([], "b")]);
        Assert.Equal((byte[])[7, 8, 9], await ReadAsync(parts));
    }

    [Fact]
    public async Task A_missing_file_is_null()
    {
        Assert.Null(await FileParts.ReadAsync(_ => Task.FromResult<FilePart?>(null), default));
        Assert.Empty(await ReadAsync(new Queue<FilePart?>([new([], "a")])));
    }

    private static async Task<byte[]> ReadAsync(Queue<FilePart?> parts)
    {
        await using Stream? file = await FileParts.ReadAsync(_ => Task.FromResult(parts.Dequeue()), default);
        return ((MemoryStream)file!).ToArray();
    }
}
