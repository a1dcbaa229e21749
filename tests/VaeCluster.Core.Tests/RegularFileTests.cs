using System.Diagnostics;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests;

public sealed class RegularFileTests
{
    [RequiresFact(Requirement.Procfs)]
    public void Pipes_devices_and_links_to_them_are_refused_and_files_are_not()
    {
        using var folder = new TempFolder();
        string pipe = folder.File("pipe");
        MakePipe(pipe);
        File.CreateSymbolicLink(folder.File("link"), pipe);
        File.WriteAllText(folder.File("file"), "text");
        File.CreateSymbolicLink(folder.File("to-file"), folder.File("file"));

        Assert.Equal("a named pipe", RegularFile.WhyNot(pipe));
        Assert.Equal("a named pipe", RegularFile.WhyNot(folder.File("link")));
        Assert.Equal("a device", RegularFile.WhyNot("/dev/zero"));
        Assert.Null(RegularFile.WhyNot(folder.File("file")));
        Assert.Null(RegularFile.WhyNot(folder.File("to-file")));
        Assert.Null(RegularFile.WhyNot(folder.Path));
        Assert.Null(RegularFile.WhyNot(folder.File("missing")));
    }

    [RequiresFact(Requirement.Procfs)]
    public async Task A_pipe_in_place_of_a_file_is_refused_at_once()
    {
        using var folder = new TempFolder();
        string pipe = folder.File("pipe");
        MakePipe(pipe);
        Action[] readers = [() => RunFile.Load(pipe, [], Specs.TestVocabulary.Vocabulary), () => Npy.Read(pipe), () => Safetensors.Read(pipe)];
        foreach (Action read in readers)
        {
            // An open that waits for a writer would never end.
            Task<BadInputException> refused = Task.Run(() => Assert.Throws<BadInputException>(read));
            Assert.Contains("is a named pipe; only regular files are read", (await refused.WaitAsync(TimeSpan.FromSeconds(20))).Message, StringComparison.Ordinal);
        }
    }

    private static void MakePipe(string path)
    {
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
