using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Xunit.Abstractions;

namespace VaeCluster.Core.Tests.Numerics;

/// <summary>The runtime reads its vector switches only at start, so each width needs its own process.</summary>
public sealed class VectorWidthTests(ITestOutputHelper output)
{
    // The results of all earlier runs, on any machine, depend on these bits.
    private const string Digest = "E6B4942D12B66F4B52CC673E3EBFB035DCF26E0888554F0A749D5DC625A97B31";

    [Fact]
    public void The_arithmetic_has_not_changed() => Assert.Equal(Digest, ArithmeticDigest.Compute());

    [Theory]
    [InlineData("EnableAVX512", "256")]
    [InlineData("EnableAVX2", "128")]
    [InlineData("EnableHWIntrinsic", "none")]
    public void Narrower_vectors_give_the_same_bits(string disabled, string expectedWidth)
    {
        string[] result = RunWithout(disabled).Split(' ', StringSplitOptions.TrimEntries);
        output.WriteLine($"without {disabled}: {result[0]}; here: {ArithmeticDigest.Width()}");

        // A processor without wider vectors cannot show that the switch works.
        if (Vector512.IsHardwareAccelerated) Assert.Equal(expectedWidth, result[0]);
        Assert.Equal(Digest, result[1]);
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
