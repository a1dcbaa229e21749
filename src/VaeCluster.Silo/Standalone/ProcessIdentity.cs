using System.ComponentModel;
using System.Diagnostics;

namespace VaeCluster.Silo.Standalone;

/// <summary>A process of this machine, told from a later one that gets its number by the time of its start.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Started">When it started, in UTC.</param>
internal sealed record ProcessIdentity(int Id, DateTime Started)
{
    // The system counts from its own start, which it knows to a hundredth of a second.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>This process.</summary>
    internal static ProcessIdentity Own { get; } = Of(Process.GetCurrentProcess());

    /// <summary>Whether it runs; where that cannot be told, it is taken to.</summary>
    internal bool IsAlive
    {
        get
        {
            try
            {
                using Process process = Process.GetProcessById(Id);
                return !process.HasExited && (Of(process).Started - Started).Duration() < Tolerance;
            }
            catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
            {
                return false;
            }
            catch (Win32Exception)
            {
                return true;
            }
        }
    }

    private static ProcessIdentity Of(Process process) => new(process.Id, process.StartTime.ToUniversalTime());
}
