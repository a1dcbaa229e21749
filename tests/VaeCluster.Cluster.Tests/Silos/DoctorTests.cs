using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>The silo's own check of libtorch and devices.</summary>
public sealed class DoctorTests
{
    [RequiresFact(Requirement.Libstdcxx)]
    public async Task The_doctor_lists_libtorch_and_each_device()
    {
        (int code, string output) = await RunAsync("doctor");
        Assert.Equal(0, code);
        Assert.Contains("ok    libtorch     TorchSharp 0.", output, StringComparison.Ordinal);
        Assert.Contains("ok    cpu:0        torch v1", output, StringComparison.Ordinal);
        Assert.EndsWith("All fine.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public async Task A_missing_device_is_reported_with_a_remedy()
    {
        (int code, string output) = await RunAsync("doctor", "--devices", "cpu:0,cuda:99");
        Assert.Equal(1, code);
        Assert.Contains("FAIL  cuda:99      cuda:99: ", output, StringComparison.Ordinal);
        Assert.Contains("Problems found", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_libtorch_the_managed_engine_is_fine_unless_TorchSharp_is_requested()
    {
        // Only the managed part of the program.
        using var bare = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            if (Path.GetExtension(file) is ".dll" or ".json") File.Copy(file, bare[Path.GetFileName(file)]);

        async Task<(int Code, string Output)> AskAsync(params string[] arguments)
        {
            using var program = new ProgramProcess(bare["vaecluster-silo.dll"], bare.Path, ["doctor", .. arguments]);
            ProgramResult result = await program.EndAsync();
            return (result.ExitCode, result.Output + result.Error);
        }

        (int code, string output) = await AskAsync();
        Assert.True(code == 0, output);
        Assert.Contains("ok    managed", output, StringComparison.Ordinal);
        Assert.Contains("--    libtorch     libLibTorchSharp.so, the native part of TorchSharp, is missing", output,
            StringComparison.Ordinal);
        Assert.EndsWith("The managed engine is fine; --engine torch and GPUs need libtorch.", output.TrimEnd(),
            StringComparison.Ordinal);

        (code, output) = await AskAsync("--devices", "cpu:0,cpu:1");
        Assert.Equal(0, code);
        Assert.Contains("ok    cpu:1        the managed engine", output, StringComparison.Ordinal);
        foreach (string[] asked in (string[][])[["--engine", "torch"], ["--devices", "cpu:0,cuda:0"]])
        {
            (code, output) = await AskAsync(asked);
            Assert.Equal(1, code);
            Assert.Contains("FAIL  libtorch     ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_invalid_device_name_is_bad_input()
    {
        (int code, string output) = await RunAsync("doctor", "--devices", "gpu");
        Assert.Equal(2, code);
        Assert.Contains("--devices is 'gpu'", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using var program = new ProgramProcess("vaecluster-silo.dll", folder.Path, arguments);
        ProgramResult result = await program.EndAsync();
        return (result.ExitCode, result.Output + result.Error);
    }
}
