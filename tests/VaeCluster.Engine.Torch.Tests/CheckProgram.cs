namespace VaeCluster.Engine.Torch.Tests;

/// <summary>
/// Entry point of the assembly when a test starts it again: prints what is wrong with libtorch, and with a device if one is named.
/// </summary>
internal static class CheckProgram
{
    private static void Main(string[] arguments) =>
        Console.WriteLine((arguments.Length == 0 ? TorchRuntime.Check() : TorchRuntime.Check(TorchDevice.Parse(arguments[0]))) ?? "good");
}
