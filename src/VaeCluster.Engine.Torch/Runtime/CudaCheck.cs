using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>What keeps a GPU from being used.</summary>
internal static class CudaCheck
{
    /// <summary>How many GPUs this process sees.</summary>
    internal static int Visible()
    {
        try
        {
            return Count();
        }
        catch (Exception error) when (error is NotSupportedException or DllNotFoundException or ExternalException)
        {
            return 0;
        }
    }

    /// <summary>What is wrong, in one line with the remedy; null: nothing. The CPU part of libtorch has been found good before.</summary>
    /// <param name="index">Number of the GPU.</param>
    internal static string? Find(int index)
    {
        int devices;
        try
        {
            devices = Count();
        }
        catch (Exception error) when (error is NotSupportedException or DllNotFoundException or ExternalException)
        {
            return $"cuda:{index}: libtorch's CUDA part cannot be loaded: build with -p:Libtorch=cuda ({error.Message.Split('\n')[0]})";
        }

        if (index < devices) return null;
        if (devices > 0)
            return $"cuda:{index}: there is no such device, this process sees cuda:0 to cuda:{devices - 1}: see CUDA_VISIBLE_DEVICES";
        string cuda = OperatingSystem.IsWindows() ? "torch_cuda.dll" : "libtorch_cuda.so";
        if (LibtorchFiles.Find(cuda) is null) return $"cuda:{index}: this build ships libtorch for the CPU: build with -p:Libtorch=cuda";
        return NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _)
            ? $"cuda:{index}: libtorch finds no usable GPU: the driver is too old for its CUDA, or no device is visible (nvidia-smi, CUDA_VISIBLE_DEVICES)"
            : $"cuda:{index}: there is no NVIDIA driver (libcuda.so.1): install it, or in a container start it with the NVIDIA runtime";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Count() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}
