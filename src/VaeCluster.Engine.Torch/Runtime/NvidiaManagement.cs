using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>NVML, the library behind nvidia-smi. Where it is absent, or refuses, nothing is known.</summary>
internal static unsafe class NvidiaManagement
{
    private const int NameLength = 96;

    private static readonly nint Library = Load();

    /// <summary>Name of a GPU, for example <c>NVIDIA H200</c>.</summary>
    /// <param name="index">Number that CUDA gives it in this process.</param>
    internal static string? Name(int index)
    {
        if (Find(index) is not { } device || !NativeLibrary.TryGetExport(Library, "nvmlDeviceGetName", out nint function)) return null;
        byte* name = stackalloc byte[NameLength];
        return ((delegate* unmanaged<nint, byte*, uint, int>)function)(device, name, NameLength) == 0
            ? Marshal.PtrToStringUTF8((nint)name)
            : null;
    }

    /// <summary>Memory and utilisation of a GPU.</summary>
    /// <param name="index">Number that CUDA gives it in this process.</param>
    internal static NvidiaReading? Read(int index)
    {
        if (Find(index) is not { } device
            || !NativeLibrary.TryGetExport(Library, "nvmlDeviceGetMemoryInfo", out nint memory)
            || !NativeLibrary.TryGetExport(Library, "nvmlDeviceGetUtilizationRates", out nint rates)) return null;

        // Total, free and used bytes; percent of time that kernels ran and that memory was moved.
        ulong* bytes = stackalloc ulong[3];
        uint* percent = stackalloc uint[2];
        return ((delegate* unmanaged<nint, ulong*, int>)memory)(device, bytes) == 0
            && ((delegate* unmanaged<nint, uint*, int>)rates)(device, percent) == 0
            ? new NvidiaReading((long)bytes[2], (long)bytes[0], percent[0] / 100.0)
            : null;
    }

    private static nint Load() =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out nint library)
        && NativeLibrary.TryGetExport(library, "nvmlInit_v2", out nint start) && ((delegate* unmanaged<int>)start)() == 0
            ? library
            : 0;

    // CUDA numbers what CUDA_VISIBLE_DEVICES leaves, in its order; NVML numbers all, and knows each by its UUID.
    private static nint? Find(int index)
    {
        if (Library == 0) return null;
        string[] visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        string name = index < visible.Length ? visible[index] : index.ToString(CultureInfo.InvariantCulture);
        nint device = 0;
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            return NativeLibrary.TryGetExport(Library, "nvmlDeviceGetHandleByIndex_v2", out nint byIndex)
                && ((delegate* unmanaged<uint, nint*, int>)byIndex)(number, &device) == 0 ? device : null;
        }

        if (!NativeLibrary.TryGetExport(Library, "nvmlDeviceGetHandleByUUID", out nint byUuid)) return null;
        fixed (byte* uuid = Encoding.UTF8.GetBytes(name + '\0'))
            return ((delegate* unmanaged<byte*, nint*, int>)byUuid)(uuid, &device) == 0 ? device : null;
    }
}
