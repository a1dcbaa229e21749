namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A silo as an operator starts it.</summary>
public sealed class SiloProcess : ProgramProcess
{
    private const string Program = "vaecluster-silo.dll";

    private readonly Uri? _address;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Its current folder.</param>
    /// <param name="address">Its HTTP address; null if the arguments give it or it is not used.</param>
    /// <param name="arguments">Its arguments.</param>
    public SiloProcess(string folder, Uri? address, params string[] arguments)
        : base(Program, folder, arguments) => _address = address;

    /// <summary>Its HTTP address.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("this silo was started without an address");

    /// <summary>Names of the memory that it shares with other silos; on Linux only.</summary>
    public IReadOnlyCollection<string> SharedMemories =>
    [
        .. File.ReadLines($"/proc/{Id}/maps")
            .Select(line => line.IndexOf("/memfd:vaecluster-", StringComparison.Ordinal) is >= 0 and var at
                ? line[at..].Split(' ')[0]
                : "")
            .Where(name => name.Length > 0)
            .Distinct(),
    ];

    /// <summary>Runs a silo that is expected to exit.</summary>
    /// <param name="folder">Its current folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<ProgramResult> RunAsync(string folder, params string[] arguments) => RunAsync(Program, folder, arguments);

    /// <summary>Waits until it is a member of its cluster.</summary>
    public Task ReadyAsync() => LineAsync(line => line.Contains("listening on", StringComparison.Ordinal));
}
