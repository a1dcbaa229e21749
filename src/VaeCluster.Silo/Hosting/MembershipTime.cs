using Microsoft.Extensions.DependencyInjection;

namespace VaeCluster.Silo.Hosting;

/// <summary>
/// The system clock, with timestamps that start at 0 now instead of when the machine booted.
/// <para>
/// Orleans' watchdog (10.4.2) starts the thread that detects hanging checks before it records when the first check began. If that thread is
/// faster, it measures from timestamp 0, warns of a deadlock since the machine booted, and counts that against the silo's health. With this
/// clock it measures a second or two, which a check may take.
/// </para>
/// </summary>
internal sealed class MembershipTime : TimeProvider
{
    // The key under which Orleans looks up the clock of its membership; all parts that compare timestamps use it.
    private const string Key = "Orleans.Membership";

    private readonly long _begun = System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() - _begun;

    /// <summary>Registers it with Orleans.</summary>
    /// <param name="services">The silo's services.</param>
    internal static void AddTo(IServiceCollection services) => services.AddKeyedSingleton<TimeProvider>(Key, new MembershipTime());
}
