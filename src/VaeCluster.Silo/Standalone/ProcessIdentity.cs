using System.ComponentModel;
using System.Diagnostics;

namespace VaeCluster.Silo.Standalone;

/// <summary>Identifies a process of this machine by id and start time, since ids are reused.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it started, in UTC.</param>
internal sealed record ProcessIdentity(int Id, DateTime Started)
{
    // Start times are accurate to a hundredth of a second, since the system counts them in ticks from its boot.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>This process.</summary>
    internal static ProcessIdentity Own { get; } = Of(Process.GetCurrentProcess());

    /// <summary>Whether the process is running; true also if that cannot be determined.</summary>
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
