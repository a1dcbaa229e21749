using VaeCluster.Core;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Tests.Caching;

public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_made_once_per_key_and_keeps_its_note()
    {
        var cache = new CacheFolder(Path.Combine(_folder.Path, "cache"));
        int made = 0;
        (string path, string note) = Make("key");
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal("note 1", note);
        Assert.Equal((path, "note 1"), Make("key"));
        Assert.Equal("note 2", Make("another key").Note);
        Assert.Null(cache.Find("a third"));
        Assert.Equal(4, Directory.GetFiles(cache.Path).Length);

        (string Path, string Note) Make(string key) => cache.GetOrMake(key, "a test", length: 3, stream =>
        {
            stream.Write([1, 2, 3]);
            return $"note {++made}";
        });
    }

    [Fact]
    public void A_failed_write_leaves_nothing_behind()
    {
        var cache = new CacheFolder(Path.Combine(_folder.Path, "cache"));
        Assert.Throws<BadInputException>(() => cache.GetOrMake("key", "a test", length: null, stream =>
        {
            stream.Write(new byte[1000]);
            throw new BadInputException("file", null, null, "damaged");
        }));
        Assert.Empty(Directory.GetFiles(cache.Path));
        Assert.Null(cache.Find("key"));
    }

    [Fact]
    public void A_full_disk_is_detected_before_anything_is_written()
    {
        var cache = new CacheFolder(Path.Combine(_folder.Path, "cache"));
        var fault = Assert.Throws<BadInputException>(
            () => cache.GetOrMake("key", "a test", 1L << 60, _ => throw new InvalidOperationException("not reached")));
        Assert.Contains("MB are free", fault.Message, StringComparison.Ordinal);
        Assert.Contains("VAECLUSTER_CACHE", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_a_damaged_description_is_made_again()
    {
        var cache = new CacheFolder(_folder.Path);
        cache.GetOrMake("key", "a test", 1, Write);
        File.WriteAllText(Directory.GetFiles(_folder.Path, "*.json").Single(), "{ this is no JSON");
        Assert.Null(cache.Find("key"));
        Assert.Equal([9], File.ReadAllBytes(cache.GetOrMake("key", "a test", 1, Write).Path));

        static string Write(Stream stream)
        {
            stream.WriteByte(9);
            return string.Empty;
        }
    }

    [Fact]
    public async Task Concurrent_writers_all_get_a_complete_file()
    {
        var cache = new CacheFolder(_folder.Path);
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        (string Path, string Note)[] made =
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.GetOrMake("key", "a test", content.Length, stream =>
        {
            stream.Write(content);
            return "done";
        }))));
        Assert.Single(made.Distinct());
        Assert.Equal(content, File.ReadAllBytes(made[0].Path));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }
}
