using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using VaeCluster.Engine.Torch.Runtime;

namespace VaeCluster.Engine.Torch;

/// <summary>
/// libtorch in this process: whether it can be used, and the settings that are the process's, not an engine's (threads inside an operation,
/// TF32, deterministic kernels). They are fixed by the first engine; one that wants others is refused.
/// </summary>
public static class TorchRuntime
{
    /// <summary>The libtorch that TorchSharp was compiled for. TorchSharp knows it too, but asking it loads the libraries.</summary>
    internal const string CompiledFor = "2.10.0";

    private static readonly Lock Gate = new();
    private static readonly Lazy<string?> Libraries = new(CheckLibraries);
    private static int _intraOpThreads;
    private static TorchPrecision? _cudaPrecision;
    private static bool _deterministic;

    [ThreadStatic]
    private static bool _entered;

    /// <summary>What is wrong with libtorch here, in one line with the remedy; null: it can compute on the CPU.</summary>
    public static string? Check() => Libraries.Value;

    /// <summary>What keeps a device from being used, in one line with the remedy; null: nothing.</summary>
    /// <param name="device">A device.</param>
    public static string? Check(TorchDevice device) => Libraries.Value ?? (device.IsCuda ? CudaCheck.Find(device.Index) : null);

    /// <summary>How many GPUs this process sees; 0 also where libtorch, a driver or CUDA's part is missing.</summary>
    public static int CountGpus() => Libraries.Value is null ? CudaCheck.Visible() : 0;

    /// <summary>The versions in use, for people: TorchSharp, libtorch with its kernels' vector width. Only where <see cref="Check()"/>
    /// finds nothing.</summary>
    public static string Describe() => $"TorchSharp {TorchSharpVersion}, libtorch {DescribeLibtorch()}";

    /// <summary>
    /// The libtorch in use with its kernels' vector width, as it says itself; where it cannot, the version TorchSharp was compiled for,
    /// marked so.
    /// </summary>
    internal static string DescribeLibtorch() => LibtorchBuild.Describe() ?? $"as TorchSharp wants {CompiledFor}";

    /// <summary>Version of TorchSharp.</summary>
    internal static string TorchSharpVersion => typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>Whether libtorch keeps to deterministic kernels.</summary>
    internal static bool IsDeterministic => _deterministic;

    /// <summary>Fixes what is the process's.</summary>
    /// <param name="device">Device of an engine.</param>
    /// <param name="precision">Its arithmetic.</param>
    /// <param name="intraOpThreads">Threads inside an operation on the CPU.</param>
    /// <exception cref="InvalidOperationException">An earlier engine of the process has other settings.</exception>
    internal static void Configure(TorchDevice device, TorchPrecision precision, int intraOpThreads)
    {
        lock (Gate)
        {
            if (_intraOpThreads != 0 && _intraOpThreads != intraOpThreads)
            {
                throw new InvalidOperationException(
                    $"{intraOpThreads} intra-op threads: libtorch has one number a process, here {_intraOpThreads}");
            }

            bool isTf32 = precision == TorchPrecision.Tf32;
            if (device.IsCuda && _cudaPrecision is { } earlier && (earlier == TorchPrecision.Tf32) != isTf32)
            {
                throw new InvalidOperationException(
                    $"{precision}: libtorch allows or refuses TF32 for a whole process, and an engine uses {earlier} here");
            }

            if (_intraOpThreads == 0) _deterministic = LibtorchBuild.UseDeterministicKernels();
            _intraOpThreads = intraOpThreads;
            if (!device.IsCuda) return;
            _cudaPrecision = precision;
            torch.backends.cuda.matmul.allow_tf32 = isTf32;
            torch.backends.cudnn.allow_tf32 = isTf32;
        }
    }

    /// <summary>To be called by every thread that computes: OpenMP keeps its number of threads for each thread by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Enter()
    {
        if (_entered) return;
        torch.set_num_threads(_intraOpThreads);
        _entered = true;
    }

    private static string? CheckLibraries()
    {
        // cuBLAS reads it when it loads; with it a product takes the same path every time. GPUs are numbered as the driver's tools
        // number them.
        NativeAllocator.SetVariable("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
        NativeAllocator.SetVariable("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        NativeAllocator.KeepFreedMemory();
        if (!Environment.Is64BitProcess) return "TorchSharp needs a 64-bit process: start the 64-bit runtime";
        if (LibtorchFiles.Find(LibtorchFiles.Shim) is not { } shim)
            return $"{LibtorchFiles.Shim}, the native part of TorchSharp, is missing: {LoaderFault.Remedy}";
        if (OperatingSystem.IsLinux() && DynamicLinker.Load(shim) is { } fault) return Explain(fault);

        // TorchSharp would look for one in the user's packages, copy it beside the program and write about it to the output.
        if (!OperatingSystem.IsLinux() && LibtorchFiles.Find(LibtorchFiles.Torch) is null)
            return LoaderFault.NoLibtorch(LibtorchFiles.Torch);
        try
        {
            return Initialize();
        }
        catch (Exception error) when (error is NotSupportedException or DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException or TypeInitializationException or ExternalException)
        {
            return Explain((error.InnerException ?? error).Message);
        }
    }

    // By itself, so that a missing library is met inside the try of the caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Initialize()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        return null;
    }

    private static string Explain(string fault) => LoaderFault.Explain(fault, TorchSharpVersion, CompiledFor);
}
