using System.IO.Compression;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Bad input through the real command line: exit code 2, one line that says what and what is allowed, and nothing
/// written.</summary>
public sealed class BadInputTests : IClassFixture<BadInputTests.Inputs>
{
    private readonly TemporaryFolder _folder;

    public BadInputTests(Inputs inputs) => _folder = inputs.Folder;

    /// <summary>A run file that works; nothing here changes it.</summary>
    public sealed class Inputs : IDisposable
    {
        public Inputs() => SmallData.WriteRun(Folder);

        public TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }

    [Theory]
    [InlineData("training.bacth=32", "training.bacth", "did you mean 'batch'")]
    [InlineData("trainig.batch=32", "trainig", "did you mean 'training'")]
    [InlineData("model.architecture=mpl", "model.architecture", "'mpl'", "did you mean 'mlp'")]
    [InlineData("training.epochs=many", "training.epochs", "'many'", "a whole number")]
    [InlineData("training.epochs=1.5", "training.epochs", "'1.5'", "a whole number")]
    [InlineData("model.hidden=32", "model.hidden", "'32'", "a list of whole numbers")]
    [InlineData("training.learningRate=-1", "training.learningRate", "'-1'", "above 0")]
    [InlineData("model.latent=0", "model.latent", "'0'", "from 1")]
    [InlineData("data.validation=1", "data.validation", "'1'", "below 1")]
    [InlineData("objective.beta=NaN", "objective.beta", "'NaN'", "a number from 0")]
    [InlineData("training.learningRate=.nan", "training.learningRate", "'.nan'", "a number above 0")]
    [InlineData("training.shards=3", "training.shards", "'3'", "a power of two that divides the batch of 32")]
    [InlineData("training.shards=64", "training.shards", "'64'", "a power of two that divides the batch of 32")]
    [InlineData("training.batch=4096", "run.yaml", "training.batch", "'4096'", "at most 432, the number of training examples")]
    [InlineData("data.limit=10", "run.yaml", "training.batch", "'32'", "the number of training examples")]
    [InlineData("data.path=missing.idx", "missing.idx", "no such file")]
    [InlineData("training.epochs", "--set", "'training.epochs'", "expected field=value")]
    public void An_override_that_cannot_be_used_is_refused(string set, params string[] words) =>
        Refused(["train", "run.yaml", "--out", "out", "--set", set], words);

    [Theory]
    [InlineData("train missing.yaml --out out", "missing.yaml", "does not exist")]
    [InlineData("train . --out out", ".", "is a folder")]
    [InlineData("train --out out", "Required argument missing", "train --help")]
    [InlineData("trian run.yaml", "'trian'", "did you mean 'train'")]
    [InlineData("train run.yaml --out out --wrokers 2", "'--wrokers'", "did you mean '--workers'")]
    [InlineData("train run.yaml --out out --workers 0", "--workers", "'0'", "from 1 to 1024")]
    [InlineData("train run.yaml --out out --threads two", "--threads", "'two'")]
    [InlineData("train run.yaml --out images.idx", "--out", "images.idx", "this is a file")]
    [InlineData("resume out", "out", "holds no run")]
    public void A_command_line_that_cannot_be_used_is_refused(string line, params string[] words) => Refused(line.Split(' '), words);

    [Fact]
    public void A_fault_in_the_file_is_named_with_its_line()
    {
        Write("fault.yaml", "data: { dataset: idx, path: images.idx }\nmodel: { architecture: mlp }\ntraining:\n  epocs: 3\n");
        Refused(["train", "fault.yaml", "--out", "out"], "fault.yaml:4", "training.epocs", "did you mean 'epochs'");
    }

    [Theory]
    [InlineData("data: { dataset: idx }\nmodel: ]\n")]
    [InlineData("data: { dataset: idx }\nmodel: [\n")]
    [InlineData("data: { dataset: idx }\n\tmodel: x\n")]
    public void What_is_no_yaml_is_named_with_its_line(string text)
    {
        Write("syntax.yaml", text);
        ProcessResult result = Refused(["train", "syntax.yaml", "--out", "out"], "is not valid YAML");
        Assert.Matches("syntax.yaml:[1-3]: ", result.Error);
    }

    [Fact]
    public void A_run_file_of_ten_megabytes_is_refused_by_its_size()
    {
        using (FileStream stream = File.Create(_folder["large.yaml"])) stream.SetLength(10 << 20);
        Refused(["train", "large.yaml", "--out", "out"], "large.yaml", "10485760 bytes", "at most 1048576 bytes");
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused()
    {
        using (var whole = new MemoryStream())
        {
            using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(File.ReadAllBytes(_folder["images.idx"]));
            File.WriteAllBytes(_folder["cut.idx.gz"], whole.ToArray()[..((int)whole.Length / 2)]);
        }

        Refused(["train", "run.yaml", "--out", "out", "--set", "data.path=cut.idx.gz"], "cut.idx.gz", "69120 bytes", "the file ends");
    }

    [Theory]
    [InlineData(1_000_000, "1000000 × 12 × 12", "more than the file can contain")]
    [InlineData(479, "479 × 12 × 12", "the file has more")]
    public void An_idx_file_with_a_lying_header_is_refused(int count, params string[] words)
    {
        byte[] bytes = File.ReadAllBytes(_folder["images.idx"]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
        File.WriteAllBytes(_folder["lying.idx"], bytes);
        Refused(["train", "run.yaml", "--out", "out", "--set", "data.path=lying.idx"], ["lying.idx", .. words]);
    }

    [Fact]
    public void An_architecture_that_does_not_fit_the_images_is_refused()
    {
        Write("burgess.yaml",
            "data: { dataset: idx, path: images.idx }\nmodel: { architecture: burgess, latent: 4, likelihood: bernoulli }\n");
        Refused(["train", "burgess.yaml", "--out", "out"], "burgess.yaml", "model.architecture", "'burgess'", "12×12");
    }

    private ProcessResult Refused(string[] arguments, params string[] words)
    {
        string[] before = Directory.GetFileSystemEntries(_folder.Path);
        ProcessResult result = VaeClusterProcess.Run(_folder.Path, arguments).Refused(words);
        Assert.Empty(result.Output);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
        return result;
    }

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);
}
