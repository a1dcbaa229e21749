using System.Text;
using VaeCluster.Engine.Torch.Runtime;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>The words of the system's loader, and what a user is told.</summary>
public sealed class LoaderFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_old_libstdcxx_is_named_with_what_it_has_what_is_needed_and_who_has_it()
    {
        string library = Path.Combine(_folder, "libstdc++.so.6");
        File.WriteAllBytes(library,
            Encoding.Latin1.GetBytes("\0GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0CXXABI_1.3.13\0"));
        Assert.Equal(
            $"libLibTorchSharp.so needs the libstdc++ of GCC 13, GLIBCXX_3.4.32, and {library} has GLIBCXX_3.4.30 at most: use a newer system"
            + " (Debian 13, Ubuntu 24.04 and Microsoft's .NET 10 images have it, Debian 12 has not); the managed engine needs no native library",
            Explain($"{library}: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n"));
    }

    [Theory]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/libtorch_cpu.so)",
        "libtorch_cpu.so needs GLIBC_2.38, and /lib/libc.so.6 has not: use a newer system (Debian 13")]
    [InlineData("/lib/libgomp.so.1: version `GOMP_5.0' not found (required by /app/libtorch_cpu.so)",
        "libtorch_cpu.so needs GOMP_5.0, and /lib/libgomp.so.1 has not: use a newer system; the managed engine")]
    [InlineData("libtorch_none.so: cannot open shared object file: No such file or directory",
        "libtorch_none.so is missing, this build has no libtorch: build with -p:Libtorch=cpu")]
    [InlineData("libcudart-none.so.12: cannot open shared object file: No such file or directory",
        "libcudart-none.so.12, which libtorch needs, is not on this system: install the package that has it; the managed engine")]
    [InlineData("/app/libtorch_cpu.so: file too short",
        "libtorch_cpu.so is no library that this system can load (file too short): restore its package again")]
    [InlineData("/app/libtorch_cpu.so: undefined symbol: _ZN2at3fooEv",
        "this libtorch is not the one that TorchSharp 1.2.3 was compiled for (4.5.6): build with")]
    [InlineData("/app/libtorch_cpu.so: failed to map segment from shared object", "libtorch cannot be loaded: build with")]
    public void Each_fault_names_its_library_and_what_helps(string fault, string line)
    {
        string told = Explain(fault);
        Assert.StartsWith(line, told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }

    [Fact]
    public void The_newest_version_is_by_number()
    {
        string library = Path.Combine(_folder, "library");
        File.WriteAllBytes(library, Encoding.Latin1.GetBytes("\0A_1.10\0A_1.9\0A_2\0A_1.9.7\0XA_3.1\0A_1.99"));
        Assert.Equal("A_1.10", LoaderFault.NewestVersion(library, "A_"));
        Assert.Null(LoaderFault.NewestVersion(library, "B_"));
        Assert.Null(LoaderFault.NewestVersion(library + "-not-there", "A_"));
    }

    private static string Explain(string fault) => LoaderFault.Explain(fault, "1.2.3", "4.5.6");
}
