using Microsoft.Extensions.DependencyInjection;

namespace VaeCluster.Silo.Hosting;

/// <summary>
/// The system's time with timestamps that begin at 0 here and not when the machine was started.
/// <para>
/// Orleans' watchdog (10.4.2) starts the thread that looks for checks which do not end before it notes when the first check began. Where
/// that thread is the faster one it measures from timestamp 0, warns of a deadlock since the machine's start, and counts it against the
/// silo's health. With this clock it measures a second or two, which is within the time that a check may take.
/// </para>
/// </summary>
internal sealed class MembershipTime : TimeProvider
{
    // Where Orleans asks for the clock of its membership; all parts that compare timestamps ask for this one.
    private const string Key = "Orleans.Membership";

    private readonly long _begun = System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() - _begun;

    /// <summary>Gives it to Orleans.</summary>
    /// <param name="services">The silo's services.</param>
    internal static void AddTo(IServiceCollection services) => services.AddKeyedSingleton<TimeProvider>(Key, new MembershipTime());
}
