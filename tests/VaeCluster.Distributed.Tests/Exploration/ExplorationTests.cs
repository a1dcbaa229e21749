using System.Globalization;
using Xunit.Abstractions;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>
/// The laws of the protocol over many schedules: nothing counts twice or is lost, ranges are never apart, an old coordinator changes
/// nothing, and a finished run is whole. VAECLUSTER_SCHEDULES and VAECLUSTER_SEED ask for more of them, or for one
/// again, of which every move is printed.
/// </summary>
public sealed class ExplorationTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_schedule_ends_with_the_weights_of_an_honest_run()
    {
        int schedules = Number("VAECLUSTER_SCHEDULES", 5_000), seed = Number("VAECLUSTER_SEED", 1);
        long moves = 0;
        Parallel.For(0, schedules, i =>
        {
            try
            {
                Interlocked.Add(ref moves, new World(seed + i, schedules == 1 ? output.WriteLine : null).Run());
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException(
                    $"VAECLUSTER_SCHEDULES=1 VAECLUSTER_SEED={seed + i} shows it again: {fault.Message}", fault);
            }
        });
        output.WriteLine($"{schedules} schedules from seed {seed}, {moves} moves");
        Assert.True(moves > 100L * schedules, "so few moves are no schedules");
    }

    private static int Number(string variable, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : standard;
}
