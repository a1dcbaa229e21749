using VaeCluster.Cli.Runs;
using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public sealed class RunFoldersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_folder_is_number_one_and_is_not_created()
    {
        Assert.Equal(_folder[Path.Combine("runs", "001-vae")], RunFolders.Next(_folder.Path, "vae"));
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    [Fact]
    public void Numbers_go_on_after_the_highest()
    {
        foreach (string name in (string[])["001-a", "007-b", "notes", "2x"]) Directory.CreateDirectory(_folder[Path.Combine("runs", name)]);
        Assert.Equal("008-c", Path.GetFileName(RunFolders.Next(_folder.Path, "c")));
    }

    [Theory]
    [InlineData("../../etc", "001-etc")]
    [InlineData("β-VAE <1>", "001-VAE--1")]
    [InlineData("…", "001-run")]
    public void A_name_cannot_leave_the_folder(string name, string expected) =>
        Assert.Equal(expected, Path.GetFileName(RunFolders.Next(_folder.Path, name)));

    [Fact]
    public void Paths_below_the_current_folder_are_shown_short()
    {
        Assert.Equal(Path.Combine("runs", "001-a"), RunFolders.Show(_folder.Path, _folder[Path.Combine("runs", "001-a")]));
        Assert.Equal(_folder["b"], RunFolders.Show(_folder["a"], _folder["b"]));
    }
}
