using System.Diagnostics;
using System.Runtime.InteropServices;
using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Tests;

/// <summary>
/// The engine on machines with narrower vectors. The runtime reads its vector switches only at start, so each needs a process.
/// </summary>
public sealed class VectorWidthTests
{
    [Theory]
    [InlineData("EnableAVX512", "Bits256")]
    [InlineData("EnableAVX2", "Bits128")]
    [InlineData("EnableHWIntrinsic", "Scalar")]
    public void A_machine_with_narrower_vectors_computes_the_same_bits(string disabled, string expectedWidth)
    {
        string[] result = RunWithout(disabled).Split(' ', StringSplitOptions.TrimEntries);

        // A processor without wider vectors cannot show that the switch works.
        if (TileKernels.Best == KernelWidth.Bits512) Assert.Equal(expectedWidth, result[0]);
        Assert.Equal(EngineDigest.Compute(), result[1]);
    }

    private static string RunWithout(string disabled)
    {
        // The folder of the runtime is shared/Microsoft.NETCore.App/VERSION below the folder of the host.
        string host = Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host, ["exec", typeof(VectorWidthTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_" + disabled] = "0";
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
